internal import TaskModel

extension CodexAdapter {
    /// A request of the agent. Each gets exactly one answer: at once, or when the question is decided.
    mutating func asked(_ method: String, _ id: JSONValue, _ parameters: JSONObject) {
        guard core.isNew(id) else { return }
        guard let kind = question(method, parameters) else {
            return core.send([
                "id": id, "error": ["code": -32601, "message": .string("Pandar does not offer \(method)")],
            ])
        }
        core.ask(kind, wire: id, method: method, parameters: parameters, reason: parameters.text("reason"))
    }

    private func question(_ method: String, _ parameters: JSONObject) -> AgentQuestion.Kind? {
        switch method {
        case "item/commandExecution/requestApproval":
            if let network = parameters.object("networkApprovalContext") {
                return .permission("network access to \(network.text("host") ?? "a host")")
            }
            if let rights = parameters.object("additionalPermissions"), !rights.isEmpty {
                return .permission(describe(.object(rights)))
            }
            guard let command = parameters.text("command") else { return .permission("a command that is not told") }
            return .command(command, directory: parameters.text("cwd"))
        case "item/fileChange/requestApproval":
            if let root = parameters.text("grantRoot") { return .permission("writing below \(root)") }
            return .fileChange(parameters.text("itemId").flatMap { changes[$0] } ?? [])
        case "item/permissions/requestApproval":
            return .permission(describe(parameters["permissions"] ?? .null))
        case "item/tool/requestUserInput": return .words(parameters.array("questions").compactMap(words))
        case "mcpServer/elicitation/request":
            return .permission("input for a tool server: \(parameters.text("message") ?? "")")
        default: return nil
        }
    }

    private func describe(_ rights: JSONValue) -> String {
        String(decoding: JSONWriter.bytes(of: rights).prefix(500), as: UTF8.self)
    }

    private func words(_ value: JSONValue) -> AgentQuestion.Words? {
        guard let question = value.objectValue, let id = question.text("id") else { return nil }
        let options = question.array("options").compactMap(\.objectValue).map {
            AgentQuestion.Words.Option(label: $0.text("label") ?? "", description: $0.text("description") ?? "")
        }
        return AgentQuestion.Words(
            id: id, header: question.text("header") ?? "", question: question.text("question") ?? "", options: options,
            isSecret: question.truth("isSecret") ?? false)
    }

    public mutating func answer(_ question: AgentQuestion.ID, _ answer: AgentAnswer) -> [AgentAction] {
        guard let open = core.settle(question) else { return core.take() }
        switch answer {
        case .decline(let reason): reply(open, refusal: reason, decision: "decline")
        case .accept: accept(open)
        case .secret: reply(open, refusal: "The question was not one in words.", decision: "decline")
        case .words(let answers):
            if case .words = open.kind {
                respond(open.wire, ["answers": .object(JSONObject(answers.sorted { $0.key < $1.key }.map(answered)))])
            } else {
                reply(open, refusal: "The question was not one in words.", decision: "decline")
            }
        }
        return core.take()
    }

    /// For this once: never for the session, never as a rule.
    private mutating func accept(_ open: AdapterCore.Open) {
        switch open.method {
        case "item/permissions/requestApproval":
            respond(open.wire, ["permissions": open.parameters["permissions"] ?? [:], "scope": "turn"])
        case "mcpServer/elicitation/request": respond(open.wire, ["action": "accept", "content": [:]])
        case "item/tool/requestUserInput": reply(open, refusal: "The question needs words.", decision: "decline")
        default: respond(open.wire, ["decision": "accept"])
        }
    }

    mutating func reply(_ open: AdapterCore.Open, refusal reason: String, decision: String) {
        switch open.method {
        case "item/permissions/requestApproval": respond(open.wire, ["permissions": [:], "scope": "turn"])
        case "mcpServer/elicitation/request": respond(open.wire, ["action": .string(decision), "content": .null])
        case "item/tool/requestUserInput":
            // There is no refusal here but an answer, and the model reads it.
            let parts = if case .words(let parts) = open.kind { parts } else { [AgentQuestion.Words]() }
            respond(open.wire, ["answers": .object(JSONObject(parts.map { answered(($0.id, [reason])) }))])
        default:
            // The answer has no place for a reason.
            core.say("Declined: \(reason)")
            respond(open.wire, ["decision": .string(decision)])
        }
    }

    private func answered(_ answer: (key: String, value: [String])) -> JSONObject.Member {
        .init(name: answer.key, value: ["answers": .array(answer.value.map { .string($0) })])
    }

    private mutating func respond(_ id: JSONValue, _ result: JSONValue) {
        core.send(["id": id, "result": result])
    }
}
