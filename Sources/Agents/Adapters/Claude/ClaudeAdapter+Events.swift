internal import TaskModel

extension ClaudeAdapter {
    mutating func said(_ frame: JSONObject) {
        core.enter(.working)
        for part in (frame.object("message")?.array("content") ?? []).compactMap(\.objectValue) {
            switch part.text("type") {
            case "text":
                guard let text = part.text("text") else { continue }
                if frame.text("parent_tool_use_id") == nil { core.lastText = text }
                core.say(text)
            case "tool_use":
                let (name, input) = (part.text("name") ?? "", part.object("input") ?? JSONObject())
                core.say(Self.sentence(name, input))
                guard let id = part.text("id") else { continue }
                plan.called(name, id: id, input: input)
                core.note(plan: plan.steps)
            default: break
            }
        }
    }

    /// What a tool is about to do, in a line; the agent's notes about its plan are not worth one.
    private static func sentence(_ tool: String, _ input: JSONObject) -> String {
        switch tool {
        case "Bash": "$ " + ShortText.line(input.text("command") ?? "")
        case "Write", "Edit", "MultiEdit", "NotebookEdit":
            "Edits " + (input.text("file_path") ?? input.text("notebook_path") ?? "a file")
        case "Read": "Reads " + (input.text("file_path") ?? "a file")
        case "TaskCreate", "TaskUpdate", "TaskGet", "TaskList", "TodoWrite": ""
        default: "Uses \(tool)"
        }
    }

    mutating func used(_ frame: JSONObject) {
        let results = (frame.object("message")?.array("content") ?? []).compactMap(\.objectValue)
            .filter { $0.text("type") == "tool_result" }
        for part in results {
            guard let id = part.text("tool_use_id") else { continue }
            directories[id] = nil
            if let result = frame.object("tool_use_result"),
                result.object("task") != nil || result.text("taskId") != nil
            {
                plan.gave(result, id: id)
                core.note(plan: plan.steps)
            } else {
                core.toolEnded(id)
                core.say(ShortText.result(Self.text(part["content"])))
            }
        }
    }

    private static func text(_ content: JSONValue?) -> String {
        switch content {
        case .string(let text): text
        case .array(let parts): parts.compactMap { $0.objectValue?.text("text") }.joined(separator: "\n")
        default: ""
        }
    }

    mutating func ended(_ frame: JSONObject) {
        // It looks for the session before it answers the handshake.
        if !isReady, task.session != nil { return core.fail(.sessionLost, Self.reasons(frame) ?? "no reason given") }
        core.note(session: frame.text("session_id"))
        if let usage = frame.object("usage") {
            let cached = usage.count("cache_read_input_tokens")
            core.note(
                TokenUsage(
                    input: usage.count("input_tokens") + cached + usage.count("cache_creation_input_tokens"),
                    cached: cached, output: usage.count("output_tokens"),
                    costUSD: frame["total_cost_usd"]?.doubleValue))
        }
        let text = frame.text("result") ?? core.lastText
        switch frame.text("subtype") {
        // `success` says that the turn ended by itself; whether it went well stands in `is_error`.
        case "success" where frame.truth("is_error") != true: core.finish(.success(text))
        case "success": core.finish(.failed(Self.failure(frame, text)))
        case "error_max_turns", "error_max_budget_usd":
            core.fail(.limitReached, "claude stopped at a limit: \(frame.text("subtype") ?? "")")
        default:
            core.finish(.failed(Self.failure(frame, Self.reasons(frame) ?? text)))
        }
    }

    private static func reasons(_ frame: JSONObject) -> String? {
        let reasons = frame.array("errors").compactMap(\.stringValue)
        return reasons.isEmpty ? frame.text("result") : reasons.joined(separator: "; ")
    }

    static func failure(_ frame: JSONObject, _ text: String) -> AgentFailure {
        let message = text.isEmpty ? "claude gave no reason" : text
        if let status = frame.number("api_error_status") { return AgentFailure(status: status, message) }
        // Without a status the server was never reached, or there was nothing to sign in with.
        let isSignedOut = message.contains("/login") || message.contains("Invalid API key")
        if isSignedOut { return AgentFailure(.credentials, message) }
        if message.contains("Connection error") || message.contains("Unable to connect") {
            return AgentFailure(.modelUnavailable, message)
        }
        return AgentFailure(.other, message)
    }
}
