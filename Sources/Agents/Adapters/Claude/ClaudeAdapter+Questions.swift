internal import TaskModel

extension ClaudeAdapter {
    /// Tools that only look, or keep the agent's own notes. All others are asked about.
    private static let harmless: Set<String> = [
        "Read", "Glob", "Grep", "LS", "NotebookRead", "TaskCreate", "TaskUpdate", "TaskGet", "TaskList", "TodoWrite",
        "ToolSearch",
    ]

    mutating func asked(_ id: JSONValue, _ request: JSONObject) {
        guard core.isNew(id) else { return }
        switch request.text("subtype") {
        case "hook_callback": hook(id, request.object("input") ?? JSONObject())
        case "can_use_tool":
            let name = request.text("tool_name") ?? ""
            let input = request.object("input") ?? JSONObject()
            core.ask(
                kind(name, input, request.text("tool_use_id")), wire: id, method: name, parameters: input,
                reason: request.text("decision_reason").flatMap { $0.isEmpty ? nil : $0 })
        default:
            let subtype = request.text("subtype") ?? "this request"
            core.send([
                "type": "control_response",
                "response": [
                    "subtype": "error", "request_id": id, "error": .string("Pandar does not offer \(subtype)"),
                ],
            ])
        }
    }

    /// Answered at once: a hook has a time limit and fails open; the question that it leads to has none.
    private mutating func hook(_ id: JSONValue, _ input: JSONObject) {
        if let tool = input.text("tool_use_id") { directories[tool] = input.text("cwd") }
        let isHarmless = input.text("tool_name").map(Self.harmless.contains) ?? false
        respond(
            id,
            [
                "hookSpecificOutput": [
                    "hookEventName": "PreToolUse", "permissionDecision": isHarmless ? "allow" : "ask",
                ]
            ])
    }

    private func kind(_ tool: String, _ input: JSONObject, _ id: String?) -> AgentQuestion.Kind {
        switch tool {
        case "Bash":
            guard let command = input.text("command") else { break }
            return .command(command, directory: id.flatMap { directories[$0] } ?? task.directory)
        case "Write", "Edit", "MultiEdit", "NotebookEdit":
            guard let path = input.text("file_path") ?? input.text("notebook_path") else { break }
            return .fileChange([path])
        case "AskUserQuestion":
            let parts = input.array("questions").compactMap(words)
            if !parts.isEmpty { return .words(parts) }
        default: break
        }
        return .tool(tool, input: .object(input))
    }

    private func words(_ value: JSONValue) -> AgentQuestion.Words? {
        guard let part = value.objectValue, let question = part.text("question") else { return nil }
        let options = part.array("options").compactMap(\.objectValue).map {
            AgentQuestion.Words.Option(label: $0.text("label") ?? "", description: $0.text("description") ?? "")
        }
        // The answers are by the question's own text: it has no id.
        return AgentQuestion.Words(
            id: question, header: part.text("header") ?? "", question: question, options: options,
            allowsSeveral: part.truth("multiSelect") ?? false)
    }

    public mutating func answer(_ question: AgentQuestion.ID, _ answer: AgentAnswer) -> [AgentAction] {
        guard let open = core.settle(question) else { return core.take() }
        switch (answer, open.kind) {
        case (.decline(let reason), _): deny(open, reason)
        case (.words(let answers), .words):
            var input = open.parameters
            input["answers"] = .object(
                JSONObject(
                    answers.sorted { $0.key < $1.key }.map {
                        .init(name: $0.key, value: .string($0.value.joined(separator: ", ")))
                    }))
            respond(open.wire, ["behavior": "allow", "updatedInput": .object(input)])
        case (.accept, .words): deny(open, "The question needs words.")
        case (.words, _), (.secret, _): deny(open, "The question was not one in words.")
        case (.accept, _): respond(open.wire, ["behavior": "allow", "updatedInput": .object(open.parameters)])
        }
        return core.take()
    }

    private mutating func deny(_ open: AdapterCore.Open, _ reason: String) {
        respond(open.wire, ["behavior": "deny", "message": .string(reason)])
    }

    private mutating func respond(_ id: JSONValue, _ value: JSONValue) {
        core.send([
            "type": "control_response", "response": ["subtype": "success", "request_id": id, "response": value],
        ])
    }
}
