internal import TaskModel

extension ACPAdapter {
    mutating func asked(_ method: String, _ id: JSONValue, _ parameters: JSONObject) {
        guard core.isNew(id) else { return }
        guard method == "session/request_permission", parameters.text("sessionId") == session else {
            return send([
                "id": id, "error": ["code": -32601, "message": .string("Pandar does not offer \(method)")],
            ])
        }
        let call = parameters.object("toolCall") ?? JSONObject()
        core.ask(kind(told(call)), wire: id, method: method, parameters: parameters)
    }

    /// A question may name only what is new about the call.
    private func told(_ call: JSONObject) -> JSONObject {
        guard var known = call.text("toolCallId").flatMap({ calls[$0] }) else { return call }
        for member in call.members where member.value != .null { known[member.name] = member.value }
        return known
    }

    private func kind(_ call: JSONObject) -> AgentQuestion.Kind {
        let title = call.text("title") ?? "a tool"
        switch call.text("kind") {
        // The command stands nowhere but in the title.
        case "execute": return .command(title, directory: task.directory)
        case "edit", "delete", "move":
            let paths = call.array("locations").compactMap { $0.objectValue?.text("path") }
            return .fileChange(paths.isEmpty ? [title] : paths)
        // Leaving a mode in which the agent may do less.
        case "switch_mode": return .permission(title)
        default: return .tool(title, input: call["rawInput"] ?? .null)
        }
    }

    public mutating func answer(_ question: AgentQuestion.ID, _ answer: AgentAnswer) -> [AgentAction] {
        guard let open = core.settle(question) else { return core.take() }
        let wanted: String
        switch answer {
        case .accept: wanted = "allow_once"
        case .decline(let reason):
            // The answer has no place for a reason.
            core.say("Declined: \(reason)")
            wanted = "reject_once"
        case .words, .secret: wanted = "reject_once"
        }
        if let option = option(open, wanted) ?? option(open, "reject_once") {
            respond(open.wire, ["outcome": ["outcome": "selected", "optionId": .string(option)]])
        } else {
            // Only answers that would hold for ever: none of them is given.
            send(["id": open.wire, "error": ["code": -32602, "message": "no option holds for this once"]])
        }
        return core.take()
    }

    /// By its kind, for the ids are the agent's own.
    private func option(_ open: AdapterCore.Open, _ kind: String) -> String? {
        open.parameters.array("options").lazy.compactMap(\.objectValue).first { $0.text("kind") == kind }?
            .text("optionId")
    }
}
