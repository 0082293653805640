public import Gates
internal import TaskModel

/// A catalogue of gates as the file that says the same: `config/gates.yaml` for the built-in one.
public enum GatesTemplate {
    public static func yaml(_ catalog: GateCatalog = .builtIn) -> String {
        var lines = header + (catalog.gates.isEmpty ? ["gates: []"] : ["gates:"])
        for gate in catalog.gates { lines += text(gate) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let header = [
        "# Gates: where a human must decide. These are the gates that hold where gates.file is empty; a copy of this file,",
        "# named by gates.file, replaces them all. What is a hit and what is not: docs/gates.md. Try it: pandar gates explain",
        "# 'COMMAND'; check it: pandar gates check FILE",
        "#",
        "# Of a gate, with the defaults:",
        "#   approvers           {roles: [], users: []}: who may decide; empty for all whom the topic lets decide",
        "#   allow_requester     false: who asked for the task cannot approve",
        "#   required_approvals  1: distinct approvers, up to 20",
        "#   decision_seconds    604800: time to decide, up to 30 days",
        "#   on_reject           cancel, or fail; so on_expiry",
        "#   escalation          {after_seconds: 3600, notify: [CHANNEL]}; none",
        "#   reminder_seconds    none",
        "#",
        "# Triggers, one of which is enough, by their kind:",
        "#   push      branches and tags: patterns (*, ?, [...]; * stands for / too) of protected ones, by whatever remote,",
        "#             refspec or option git is told to change them; refs/... stands for other references",
        "#   secret    secrets: patterns of the names of secrets that are asked for",
        "#   command   (default) programs with certain words:",
        "#     programs      names without directories",
        "#     verbs         the words that are no options begin with one of these; * for any word, ** for up to four",
        "#     except_verbs  but not with one of these",
        "#     values        options whose value is the next word; flags: options that take none. After any other option both",
        "#                   ways to read the next word are tried",
        "#     options       one of these is given, if there are any; any_of: a word matches one of these patterns",
        "#     unless        words that make it harmless, as long as the option is not given again with another value",
        "#     matches       commands that it must find, and spares: that it must not; tried when the file is loaded",
        "",
    ]

    private static func text(_ gate: GateDefinition) -> [String] {
        var lines = [
            "  - name: \(gate.name)", "    description: \(YAMLText.quoted(gate.description))", "    approvers:",
            "      roles: [\(gate.approvers.roles.map(YAMLText.quoted).joined(separator: ", "))]",
            "      users: [\(gate.approvers.users.map(YAMLText.quoted).joined(separator: ", "))]",
            "    allow_requester: \(gate.allowsRequester)", "    required_approvals: \(gate.requiredApprovals)",
            "    decision_seconds: \(gate.decisionSeconds)", "    on_reject: \(gate.onReject.rawValue)",
            "    on_expiry: \(gate.onExpiry.rawValue)",
        ]
        if let escalation = gate.escalation {
            lines += ["    escalation:", "      after_seconds: \(escalation.afterSeconds)"]
            lines +=
                escalation.notify.isEmpty
                ? ["      notify: []"] : YAMLText.list("notify", escalation.notify, indent: 6)
        }
        if let seconds = gate.reminderSeconds { lines.append("    reminder_seconds: \(seconds)") }
        return lines + ["    triggers:"] + gate.triggers.flatMap(text)
    }

    private static func text(_ trigger: GateTrigger) -> [String] {
        let head = ["      - name: \(trigger.name)"]
        switch trigger {
        case .push(let push):
            return head + ["        kind: push"] + YAMLText.list("branches", push.branches, indent: 8)
                + YAMLText.list("tags", push.tags, indent: 8)
        case .secret(let secret):
            return head + ["        kind: secret"] + YAMLText.list("secrets", secret.secrets, indent: 8)
        case .command(let command):
            var lines = head + ["        reason: \(YAMLText.quoted(command.reason))"]
            for (name, values) in [
                ("programs", command.programs), ("verbs", command.verbs), ("except_verbs", command.exceptVerbs),
                ("values", command.values), ("flags", command.flags), ("options", command.options),
                ("any_of", command.anyOf), ("unless", command.unless),
            ] { lines += YAMLText.list(name, values, indent: 8) }
            return lines + YAMLText.lines("matches", command.matches, indent: 8)
                + YAMLText.lines("spares", command.spares, indent: 8)
        }
    }
}
