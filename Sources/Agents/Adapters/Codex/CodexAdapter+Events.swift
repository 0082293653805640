internal import TaskModel

extension CodexAdapter {
    /// A notification. Unknown ones are left alone.
    mutating func told(_ method: String, _ parameters: JSONObject) {
        guard isOurs(parameters) else { return }
        switch method {
        case "turn/started":
            note(turn: parameters.object("turn")?.text("id"))
            core.enter(.working)
        case "item/started": started(parameters.object("item") ?? JSONObject())
        case "item/completed": completed(parameters.object("item") ?? JSONObject())
        case "turn/plan/updated": core.note(plan: parameters.array("plan").compactMap(step))
        case "thread/tokenUsage/updated":
            guard let usage = parameters.object("tokenUsage"), let total = usage.object("total") else { return }
            note(total: tokens(total), last: tokens(usage.object("last") ?? total))
        case "serverRequest/resolved":
            if let id = parameters["requestId"] { core.withdraw(wire: id) }
        case "error" where parameters.truth("willRetry") == true:
            let error = parameters.object("error") ?? JSONObject()
            let details = error.text("additionalDetails").map { ": " + $0 } ?? ""
            core.retrying((error.text("message") ?? "the model failed") + details)
        case "turn/completed":
            guard let turn = parameters.object("turn"), isOurs(turn: turn.text("id")) else { return }
            ended(turn)
        default: break
        }
    }

    private mutating func started(_ item: JSONObject) {
        guard let id = item.text("id") else { return }
        switch item.text("type") {
        case "commandExecution": core.say("$ " + ShortText.line(item.text("command") ?? ""))
        case "fileChange":
            let paths = item.array("changes").compactMap { $0.objectValue?.text("path") }
            changes[id] = paths
            core.say("Edits " + paths.joined(separator: ", "))
        case "mcpToolCall": core.say("Uses \(item.text("server") ?? "a server"): \(item.text("tool") ?? "a tool")")
        case "webSearch": core.say("Searches: " + ShortText.line(item.text("query") ?? ""))
        default: break
        }
    }

    private mutating func completed(_ item: JSONObject) {
        guard let id = item.text("id") else { return }
        switch item.text("type") {
        case "agentMessage":
            guard let text = item.text("text") else { return }
            core.lastText = text
            core.say(text)
        case "commandExecution":
            core.toolEnded(id)
            core.say(ShortText.result(item.text("aggregatedOutput") ?? ""))
            if let status = item.number("exitCode"), status != 0 { core.say("  (exit status \(status))") }
        case "fileChange", "mcpToolCall", "webSearch", "dynamicToolCall":
            core.toolEnded(id)
            if item.text("status") == "failed" { core.say("  (failed)") }
        default: break
        }
    }

    private func step(_ value: JSONValue) -> PlanStep? {
        guard let step = value.objectValue, let text = step.text("step") else { return nil }
        let status: PlanStep.Status =
            switch step.text("status") {
            case "completed": .completed
            case "inProgress": .inProgress
            default: .pending
            }
        return PlanStep(step: text, status: status)
    }

    private func tokens(_ count: JSONObject) -> TokenUsage {
        TokenUsage(
            input: count.count("inputTokens"), cached: count.count("cachedInputTokens"),
            output: count.count("outputTokens"))
    }

    private mutating func ended(_ turn: JSONObject) {
        switch turn.text("status") {
        case "completed": core.finish(.success(core.lastText))
        case "interrupted": core.finish(.interrupted)
        case "failed":
            let error = turn.object("error") ?? JSONObject()
            core.finish(.failed(Self.failure(error)))
        default: break  // `inProgress`, or a state of a version to come: the turn goes on
        }
    }

    /// `codexErrorInfo` is a word, or an object of one member that may hold the status of HTTP.
    static func failure(_ error: JSONObject) -> AgentFailure {
        let message = error.text("message") ?? "codex gave no reason"
        switch error["codexErrorInfo"] {
        case .string("serverOverloaded"), .string("internalServerError"):
            return AgentFailure(.modelUnavailable, message)
        case .string("usageLimitExceeded"): return AgentFailure(.rateLimited, message)
        case .string("sessionBudgetExceeded"): return AgentFailure(.limitReached, message)
        case .string("unauthorized"): return AgentFailure(.credentials, message)
        case .string("cyberPolicy"): return AgentFailure(.notPermitted, message)
        case .string("badRequest"), .string("contextWindowExceeded"): return AgentFailure(.badRequest, message)
        case .object(let info):
            let status = info.members.first?.value.objectValue?.number("httpStatusCode")
            return AgentFailure(status: status, otherwise: .modelUnavailable, message)
        default: return AgentFailure(.other, message)
        }
    }
}
