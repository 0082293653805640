internal import TaskModel

/// Speaks with `claude` in stream-json, both ways: a hook sees every tool before it runs and has it asked about.
public struct ClaudeAdapter: AgentAdapter {
    private static let initialize = "r1"
    private static let interruption = "r2"

    let task: AgentTask
    var core = AdapterCore()
    public private(set) var isReady = false
    /// Where the shell of the tool's call is, by the tool's id: the question does not tell.
    var directories: [String: String] = [:]
    var plan = ClaudePlan()

    public init(_ task: AgentTask) { self.task = task }

    public mutating func start() -> [AgentAction] {
        let hook: JSONValue = ["matcher": .null, "hookCallbackIds": ["gate"]]
        core.send([
            "type": "control_request", "request_id": .string(Self.initialize),
            "request": ["subtype": "initialize", "hooks": ["PreToolUse": [hook]]],
        ])
        return core.take()
    }

    public mutating func receive(line: [UInt8]) -> [AgentAction] {
        guard let frame = core.frame(in: line) else { return core.take() }
        switch frame.text("type") {
        case "control_response": responded(frame.object("response") ?? JSONObject())
        case "control_request":
            if let id = frame["request_id"], id != .null { asked(id, frame.object("request") ?? JSONObject()) }
        case "control_cancel_request":
            if let id = frame["request_id"] { core.withdraw(wire: id) }
        case "system": system(frame)
        case "assistant": said(frame)
        case "user": used(frame)
        case "result": ended(frame)
        default: break
        }
        return core.take()
    }

    /// A refusal would stand in the conversation as the user's, with the word to stop; of a question without an answer the
    /// model is told, when it goes on, that nobody knows what became of it, and it asks again.
    public mutating func interrupt() -> [AgentAction] {
        core.interrupt()
        if !core.withdrawAll().isEmpty { return core.take() + [.terminate] }
        if isReady {
            core.send([
                "type": "control_request", "request_id": .string(Self.interruption),
                "request": ["subtype": "interrupt"],
            ])
        } else {
            core.finish(.interrupted)
        }
        return core.take()
    }

    public mutating func ended(exitCode: Int32) -> [AgentAction] {
        // It looks for the session to resume before it speaks.
        let code: AgentFailure.Code =
            isReady ? .programEnded : task.session == nil ? .protocolBroken : .sessionLost
        core.fail(code, "claude ended with status \(exitCode) before its turn did")
        return core.take()
    }

    private mutating func responded(_ response: JSONObject) {
        guard response.text("request_id") == Self.initialize, !isReady else { return }
        guard response.text("subtype") == "success" else {
            return core.fail(.protocolBroken, "claude refused the handshake: \(response.text("error") ?? "no reason")")
        }
        isReady = true
        core.send([
            "type": "user", "session_id": "", "message": ["role": "user", "content": .string(task.words)],
            "parent_tool_use_id": .null,
        ])
    }

    private mutating func system(_ frame: JSONObject) {
        switch frame.text("subtype") {
        case "init":
            core.note(session: frame.text("session_id"))
            core.enter(.working)
        case "api_retry":
            let status = frame.number("error_status").map { " (\($0))" } ?? ""
            core.retrying(
                (frame.text("error") ?? "the model failed") + status, milliseconds: frame.number("retry_delay_ms"))
        default: break
        }
    }
}
