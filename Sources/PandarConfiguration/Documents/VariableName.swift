/// The name of an environment variable that a configuration gives to programs.
enum VariableName {
    static func isName(_ name: String) -> Bool {
        name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]{0,127}/) != nil
    }

    /// Whether programs behave differently with it, or it is the sandbox's own.
    static func isReserved(_ name: String) -> Bool {
        reserved.contains(name) || name.hasPrefix("LD_") || name.hasPrefix("PANDAR_")
    }

    private static let reserved: Set<String> = [
        "PATH", "HOME", "TMPDIR", "SHELL", "USER", "BASH_ENV", "ENV", "IFS",
    ]
}
