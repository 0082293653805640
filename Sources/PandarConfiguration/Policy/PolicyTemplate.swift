public import CommandPolicy

/// A policy as the file that says the same: `config/policy.yaml` for the built-in one.
public enum PolicyTemplate {
    public static func yaml(_ policy: CommandPolicy = .builtIn) -> String {
        var lines = header + ["", "programs:"]
        switch policy.programs {
        case .any: lines.append("  - '*'")
        case .only(let names): lines += names.sorted().map { "  - \(YAMLText.quoted($0))" }
        }
        lines += fragments + (policy.fragments.isEmpty ? ["fragments: []"] : ["fragments:"])
        lines += policy.fragments.map { "  - \(YAMLText.quoted($0))" }
        lines += rules + (policy.rules.isEmpty ? ["rules: []"] : ["rules:"])
        for rule in policy.rules { lines += text(rule) }
        lines += wrappers + (policy.wrappers.isEmpty ? ["wrappers: []"] : ["wrappers:"])
        for wrapper in policy.wrappers { lines += text(wrapper) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let header = [
        "# Which commands may run. These are the rules that hold where policy.file is empty; a copy of this file, named by",
        "# policy.file, replaces them. A part that is left out keeps its built-in value. What a rule can and cannot do:",
        "# docs/policy.md. Try it: pandar policy explain 'COMMAND'; check it: pandar policy check FILE",
        "",
        "# Programs that may run without being asked about, by name (looked for in PATH) or by whole path; '*' for any.",
        "# Any other is treated like a rule of the level `deny` (program_not_allowed). The setting policy.programs goes first.",
    ]

    private static let fragments = [
        "",
        "# Words that no command may hold. policy.fragments: everywhere (agents' prompts included), commands (only where a",
        "# command begins) or off. They are whole words in any case: `summary` is not `su`. Between two words any space may",
        "# stand; options are found in every order and spelling (-rf, -fr, -r -f, --recursive --force). `*` at the end of",
        "# the last word stands for any further letters. A fragment always blocks.",
    ]

    private static let rules = [
        "",
        "# Rules, tried in this order; of several that find a command the most severe gives the verdict, then the first.",
        "#   level       deny: a human may let it through (gate under manual and auto_with_gates, block under auto)",
        "#               forbid: always blocked",
        "#   finding     what is looked at: command (default), or in a shell's text unknown_program, pipe_to_shell,",
        "#               redirection, and inline_code for code in an argument",
        "#   programs    names without directories; `mkfs.*` for all that begin so, '*' for every program",
        "#   subcommands the words after the program that are no options begin with one of these; `values` names options",
        "#               whose value is the next word",
        "#   options     each must be given, in one of its spellings; clusters and abbreviations count",
        "#   any_of      a word must match one of these patterns (*, ?, [...]), in any case; and_any_of: one of these too;",
        "#               except: words that do not count for any_of",
        "#   literal     words that only a shell knows ($X) do not count as matching",
        "#   matches     commands that the rule must find, and spares: that it must not; tried when the file is loaded",
    ]

    private static let wrappers = [
        "",
        "# Programs that run others: what they run is judged by the same rules.",
        "#   kind     command: after the options and `operands` further words (default); shell: the text after an option in",
        "#            `strings`; text: all words after the options are a shell's text; code: another language, after an",
        "#            option in `strings` or as the first operand; options: only in `strings`; definitions: NAME=TEXT;",
        "#            markers: after each marker until ; or +",
        "#   values   options whose value is the next word",
        "#   after    the first of the operands must be one of these",
        "#   appends  further words come at run time",
    ]

    private static func text(_ rule: PolicyRule) -> [String] {
        var lines = [
            "  - name: \(rule.name)", "    level: \(rule.level.rawValue)",
            "    reason: \(YAMLText.quoted(rule.reason))",
        ]
        if rule.finding != .command { lines.append("    finding: \(rule.finding.rawValue)") }
        for (name, values) in [
            ("programs", rule.programs), ("subcommands", rule.subcommands), ("values", rule.values),
            ("options", rule.options), ("any_of", rule.anyOf), ("and_any_of", rule.andAnyOf), ("except", rule.except),
        ] { lines += YAMLText.list(name, values) }
        if rule.isLiteral { lines.append("    literal: true") }
        return lines + YAMLText.lines("matches", rule.matches) + YAMLText.lines("spares", rule.spares)
    }

    private static func text(_ wrapper: PolicyWrapper) -> [String] {
        var lines = YAMLText.list("programs", wrapper.programs)
        if let first = lines.first { lines[0] = "  - " + first.dropFirst(4) }
        if wrapper.kind != .command { lines.append("    kind: \(wrapper.kind.rawValue)") }
        lines += YAMLText.list("values", wrapper.values)
        if wrapper.operands > 0 { lines.append("    operands: \(wrapper.operands)") }
        lines += YAMLText.list("after", wrapper.after)
        lines += YAMLText.list("strings", wrapper.strings) + YAMLText.list("markers", wrapper.markers)
        if wrapper.appends { lines.append("    appends: true") }
        return lines
    }
}
