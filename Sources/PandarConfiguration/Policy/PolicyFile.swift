public import CommandPolicy

/// Reads a file of rules for commands. A part that the file leaves out keeps its built-in value; one that it has
/// replaces it, also when it is empty (`rules: []`).
public enum PolicyFile {
    /// Reads and checks the file; every rule's own examples are tried.
    ///
    /// - Throws: `unreadable_file`, `not_yaml`, `unknown_key`, `invalid_value`, or `contradiction` for a rule that does
    ///   not keep its examples.
    public static func load(path: String) throws(ConfigurationError) -> CommandPolicy {
        try policy(try ConfigurationDocument(path: path))
    }

    /// The same from memory; `name` stands for the file in errors.
    public static func load(text: String, name: String) throws(ConfigurationError) -> CommandPolicy {
        try policy(try ConfigurationDocument(text: text, name: name))
    }

    private static func policy(_ document: ConfigurationDocument) throws(ConfigurationError) -> CommandPolicy {
        var section = try document.root.section()
        var programs = CommandPolicy.builtIn.programs
        if let node = section.take("programs") {
            programs = .init(names: try list(node) { node throws(ConfigurationError) in try name(node) })
        }
        var fragments = CommandPolicy.builtInFragments
        if let node = section.take("fragments") {
            fragments = try list(node) { node throws(ConfigurationError) in try fragment(node) }
        }
        var wrappers = CommandPolicy.builtInWrappers
        if let node = section.take("wrappers") {
            wrappers = try list(node) { node throws(ConfigurationError) in try wrapper(node) }
        }
        var rules = CommandPolicy.builtInRules
        if let node = section.take("rules") {
            rules = []
            for node in try node.list() {
                let rule = try rule(node)
                guard !rules.contains(where: { $0.name == rule.name }) else {
                    throw node.error("is a second rule of the name \(rule.name)")
                }
                try check(rule, node, wrappers)
                rules.append(rule)
            }
        }
        try section.finish()
        return CommandPolicy(programs: programs, rules: rules, wrappers: wrappers, fragments: fragments)
    }

    private static func check(
        _ rule: PolicyRule, _ node: DocumentNode, _ wrappers: [PolicyWrapper]
    ) throws(ConfigurationError) {
        guard let broken = rule.brokenExamples(wrappers: wrappers).first else { return }
        throw node.error(
            "(\(rule.name)) does not keep its example `\(broken.command)`. \(broken.problem)", .contradiction)
    }

    private static func list<Value>(
        _ node: DocumentNode, _ read: (DocumentNode) throws(ConfigurationError) -> Value
    ) throws(ConfigurationError) -> [Value] {
        var values: [Value] = []
        for node in try node.list() { values.append(try read(node)) }
        return values
    }

    private static func name(_ node: DocumentNode) throws(ConfigurationError) -> String {
        let text = try node.text()
        guard !text.isEmpty, !text.contains(where: \.isWhitespace) else { throw node.error("must be a name or a path") }
        return text
    }

    private static func fragment(_ node: DocumentNode) throws(ConfigurationError) -> String {
        let text = try node.text()
        guard text.first.map({ !$0.isWhitespace && $0 != "-" }) == true else {
            throw node.error("must be words that begin with no hyphen, but is \"\(text)\"")
        }
        return text
    }

    private static func rule(_ node: DocumentNode) throws(ConfigurationError) -> PolicyRule {
        var section = try node.section()
        let nameNode = try section.require("name")
        let name = try nameNode.text()
        let isName = !name.isEmpty && name.utf8.count <= 60 && name.utf8.allSatisfy(isNameByte)
        guard isName, !CommandPolicy.OwnRule.all.contains(name) else {
            throw nameNode.error(
                "must be a name of a-z, 0-9 and _ that no rule of Pandar's own has, but is \"\(name)\"")
        }
        var rule = PolicyRule(
            name, try section.take("level")?.choice(PolicyRule.Level.self) ?? .deny,
            try section.require("reason").text())
        rule.finding = try section.take("finding")?.choice(PolicyRule.Finding.self) ?? .command
        rule.programs = try section.take("programs")?.texts() ?? []
        rule.subcommands = try section.take("subcommands")?.texts() ?? []
        rule.values = try section.take("values")?.texts() ?? []
        rule.options = try section.take("options")?.texts() ?? []
        rule.anyOf = try section.take("any_of")?.texts() ?? []
        rule.andAnyOf = try section.take("and_any_of")?.texts() ?? []
        rule.except = try section.take("except")?.texts() ?? []
        rule.isLiteral = try section.take("literal")?.flag() ?? false
        rule.matches = try section.take("matches")?.texts() ?? []
        rule.spares = try section.take("spares")?.texts() ?? []
        try section.finish()
        guard (rule.finding == .command) != rule.programs.isEmpty else {
            throw node.error(
                rule.finding == .command
                    ? "(\(name)) needs programs"
                    : "(\(name)) looks at \(rule.finding.rawValue) and can have no programs")
        }
        return rule
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func wrapper(_ node: DocumentNode) throws(ConfigurationError) -> PolicyWrapper {
        var section = try node.section()
        var wrapper = PolicyWrapper(try section.require("programs").texts())
        wrapper.kind = try section.take("kind")?.choice(PolicyWrapper.Kind.self) ?? .command
        wrapper.values = try section.take("values")?.texts() ?? []
        wrapper.operands = try section.take("operands")?.integer(0...16) ?? 0
        wrapper.after = try section.take("after")?.texts() ?? []
        wrapper.strings = try section.take("strings")?.texts() ?? []
        wrapper.markers = try section.take("markers")?.texts() ?? []
        wrapper.appends = try section.take("appends")?.flag() ?? false
        try section.finish()
        return wrapper
    }
}
