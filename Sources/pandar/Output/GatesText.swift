internal import Gates
internal import TaskModel

/// Gates for machines and for people.
extension GateDefinition {
    var json: JSONValue {
        let texts = { (values: [String]) in JSONValue.array(values.map(JSONValue.string)) }
        let number = { (value: Int?) in value.map { JSONValue.integer(Int64($0)) } ?? .null }
        let escalation = escalation.map { escalation -> JSONValue in
            ["after_seconds": number(escalation.afterSeconds), "notify": texts(escalation.notify)]
        }
        return [
            "name": .string(name), "description": .string(description),
            "approvers": ["roles": texts(approvers.roles), "users": texts(approvers.users)],
            "allow_requester": .bool(allowsRequester), "required_approvals": number(requiredApprovals),
            "decision_seconds": number(decisionSeconds), "on_reject": .string(onReject.rawValue),
            "on_expiry": .string(onExpiry.rawValue), "escalation": escalation ?? .null,
            "reminder_seconds": number(reminderSeconds),
            "triggers": texts(triggers.map(\.name)),
        ]
    }

    func lines(_ style: Style) -> [String] {
        let names = approvers.roles + approvers.users
        let who = names.isEmpty ? "anybody" : names.joined(separator: ", ")
        let requester = allowsRequester ? "" : ", not the requester"
        return [
            "\(style(name, .bold))   \(description.printable)",
            "  \(style("decided by", .dim))   \(requiredApprovals) of \(who.printable)\(requester)",
            "  \(style("within", .dim))       \(decisionSeconds) s; then \(onExpiry.rawValue); "
                + "after a rejection \(onReject.rawValue)",
            "  \(style("hit by", .dim))       \(triggers.map(\.name).joined(separator: ", "))",
        ]
    }
}

extension GateHit {
    var json: JSONValue {
        [
            "gate": .string(gate), "rule": .string(rule), "reason": .string(reason), "certain": .bool(isCertain),
            "action": action.json,
        ]
    }

    func lines(_ style: Style) -> [String] {
        var lines = ["\(style(gate, isCertain ? .red : .yellow)) by \(rule): \(reason.printable)"]
        if !action.argv.isEmpty { lines.append("  \(style("command", .dim))   \(quoted(action.argv))") }
        if let remote = action.remote { lines.append("  \(style("remote", .dim))    \(remote.printable)") }
        if let url = action.url { lines.append("  \(style("url", .dim))       \(url.printable)") }
        for update in action.updates ?? [] {
            let source = update.deletes ? "delete" : (update.source ?? "?")
            let force = update.forced ? " (forced)" : ""
            lines.append(
                "  \(style("update", .dim))    \(source.printable) → \((update.destination ?? "?").printable)\(force)")
        }
        return lines
    }

    private func quoted(_ words: [String]) -> String { CommandLine.quoted(words).printable }
}
