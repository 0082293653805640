public import Gates
internal import TaskModel

/// Reads a file of gates. Its list replaces the gates that ship.
public enum GatesFile {
    /// Reads and checks the file; every command trigger's own examples are tried.
    ///
    /// - Throws: `unreadable_file`, `not_yaml`, `unknown_key`, `invalid_value`, or `contradiction` for what cannot be
    ///   kept: examples that a trigger does not find, more approvals than there are approvers.
    public static func load(path: String) throws(ConfigurationError) -> GateCatalog {
        try catalog(ConfigurationDocument(path: path))
    }

    /// The same from memory; `name` stands for the file in errors.
    public static func load(text: String, name: String) throws(ConfigurationError) -> GateCatalog {
        try catalog(ConfigurationDocument(text: text, name: name))
    }

    private static func catalog(_ document: ConfigurationDocument) throws(ConfigurationError) -> GateCatalog {
        var root = try document.root.section()
        guard let list = root.take("gates") else {
            try root.finish()
            return .builtIn
        }
        try root.finish()
        var gates: [GateDefinition] = []
        for node in try list.list() {
            let gate = try gate(node)
            guard !gates.contains(where: { $0.name == gate.name }) else {
                throw node.error("is a second gate of the name \(gate.name)")
            }
            gates.append(gate)
        }
        return GateCatalog(gates)
    }

    private static func gate(_ node: DocumentNode) throws(ConfigurationError) -> GateDefinition {
        var section = try node.section()
        let nameNode = try section.require("name")
        var gate = GateDefinition(
            try name(nameNode), description: try section.require("description").text(), triggers: [])
        guard !GateDefinition.reservedNames.contains(gate.name) else {
            throw nameNode.error("is \(gate.name), a name that Pandar gives to questions of its own")
        }
        if let node = section.take("approvers") {
            var approvers = try node.section()
            gate.approvers.roles = try approvers.take("roles")?.texts() ?? []
            gate.approvers.users = try approvers.take("users")?.texts() ?? []
            try approvers.finish()
        }
        gate.allowsRequester = try section.take("allow_requester")?.flag() ?? false
        gate.requiredApprovals = try section.take("required_approvals")?.integer(1...20) ?? 1
        gate.decisionSeconds = try section.take("decision_seconds")?.integer(1...2_592_000) ?? 604_800
        gate.onReject = try section.take("on_reject")?.choice(GateEnd.self) ?? .cancel
        gate.onExpiry = try section.take("on_expiry")?.choice(GateEnd.self) ?? .cancel
        // Later than the end nobody is told anything.
        let time = 1...max(1, gate.decisionSeconds - 1)
        if let node = section.take("escalation") {
            var escalation = try node.section()
            gate.escalation = .init(
                afterSeconds: try escalation.require("after_seconds").integer(time),
                notify: try escalation.require("notify").texts())
            try escalation.finish()
        }
        gate.reminderSeconds = try section.take("reminder_seconds")?.integer(time)
        for trigger in try section.require("triggers").list() {
            gate.triggers.append(try GateTriggerReader.trigger(trigger, besides: gate.triggers))
        }
        try section.finish()
        let users = Set(gate.approvers.users).count
        if gate.approvers.roles.isEmpty, users > 0, users < gate.requiredApprovals {
            throw node.error(
                "(\(gate.name)) needs \(gate.requiredApprovals) approvals, but names only \(users) who may decide",
                .contradiction)
        }
        return gate
    }

    /// A name of a gate or trigger.
    static func name(_ node: DocumentNode) throws(ConfigurationError) -> String {
        let text = try node.text()
        let isName =
            (1...60).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
        guard isName else { throw node.error("must be 1 to 60 characters of a-z, 0-9 and _, but is \"\(text)\"") }
        return text
    }
}
