public import CommandPolicy

/// Which commands may run.
public struct PolicySection: Sendable {
    /// The file of rules; empty for the built-in ones.
    public var file = ""
    /// Programs with commas, in place of the file's; `*` for any; empty for the file's.
    public var programs = ""
    /// Where fragments are looked for.
    public var fragments = CommandPolicy.FragmentScope.everywhere

    /// The policy that these settings give.
    ///
    /// - Throws: what is wrong with the file.
    public func policy() throws(ConfigurationError) -> CommandPolicy {
        let base = file.isEmpty ? CommandPolicy.builtIn : try PolicyFile.load(path: file)
        let names = programs.commaSeparated
        return base.with(programs: names.isEmpty ? nil : .init(names: names), fragmentScope: fragments)
    }
}

extension CommandPolicy.Programs {
    /// Names and whole paths; `*` allows any.
    init(names: [String]) {
        self = names.contains("*") ? .any : .only(Set(names))
    }
}
