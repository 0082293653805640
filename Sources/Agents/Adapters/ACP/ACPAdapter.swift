internal import TaskModel

/// Speaks the Agent Client Protocol, version 1: JSON-RPC 2.0 over lines, as `gemini --acp` does and others.
public struct ACPAdapter: AgentAdapter {
    private enum Request {
        static let initialize: Int64 = 0
        static let session: Int64 = 1
        static let prompt: Int64 = 2
    }

    let task: AgentTask
    var core = AdapterCore()
    public private(set) var isReady = false
    private(set) var session: String?
    /// The agent tells a loaded session's whole past again; that is neither output nor progress.
    private(set) var isReplaying = false
    private var hasPrompted = false
    /// Text of the agent that has no line's end yet.
    var partial = ""
    /// What was told of each tool's call, for questions that name only the call.
    var calls: [String: JSONObject] = [:]
    var message = ""

    public init(_ task: AgentTask) { self.task = task }

    public mutating func start() -> [AgentAction] {
        request(Request.initialize, "initialize", ["protocolVersion": 1, "clientCapabilities": [:]])
        return core.take()
    }

    public mutating func receive(line: [UInt8]) -> [AgentAction] {
        guard let frame = core.frame(in: line) else { return core.take() }
        let parameters = frame.object("params") ?? JSONObject()
        switch (frame.text("method"), frame["id"]) {
        case (let method?, let id?) where id != .null: asked(method, id, parameters)
        case ("session/update"?, _):
            guard parameters.text("sessionId") == session, !isReplaying else { break }
            updated(parameters.object("update") ?? JSONObject())
        case (nil, let id?): responded(id.integerValue, frame)
        default: break
        }
        return core.take()
    }

    public mutating func interrupt() -> [AgentAction] {
        core.interrupt()
        if let session, hasPrompted {
            send(["method": "session/cancel", "params": ["sessionId": .string(session)]])
            for open in core.withdrawAll() { respond(open.wire, ["outcome": ["outcome": "cancelled"]]) }
        } else {
            core.finish(.interrupted)
        }
        return core.take()
    }

    public mutating func ended(exitCode: Int32) -> [AgentAction] {
        flush()
        let text = "the agent ended with status \(exitCode) before its turn did"
        // Gemini's own statuses, where they say more.
        let code: AgentFailure.Code =
            switch exitCode {
            case 41: .credentials
            case 42, 52: .badRequest
            case 53: .limitReached
            case 55: .notPermitted
            default: isReady ? .programEnded : .protocolBroken
            }
        core.fail(code, text)
        return core.take()
    }

    // MARK: Responses

    private mutating func responded(_ id: Int64?, _ frame: JSONObject) {
        if let error = frame.object("error") { return refused(id, error) }
        // A session may be loaded without any result.
        let result = frame.object("result") ?? JSONObject()
        switch id {
        case Request.initialize where !isReady: opened(result)
        case Request.session where isReady && !hasPrompted:
            guard let id = session ?? result.text("sessionId") else {
                return core.fail(.protocolBroken, "the agent opened a session without an id")
            }
            prompt(id)
        case Request.prompt where hasPrompted: ended(result)
        default: break
        }
    }

    private mutating func opened(_ result: JSONObject) {
        guard result.number("protocolVersion") == 1 else {
            return core.fail(.protocolBroken, "the agent speaks another version of the protocol")
        }
        isReady = true
        let canLoad = result.object("agentCapabilities")?.truth("loadSession") ?? false
        guard let old = task.session else {
            return request(Request.session, "session/new", ["cwd": .string(task.directory), "mcpServers": []])
        }
        guard canLoad else { return core.fail(.sessionLost, "the agent cannot take up a session again") }
        (session, isReplaying) = (old, true)
        request(
            Request.session, "session/load",
            ["sessionId": .string(old), "cwd": .string(task.directory), "mcpServers": []])
    }

    private mutating func prompt(_ id: String) {
        (session, isReplaying, hasPrompted) = (id, false, true)
        core.note(session: id)
        core.enter(.working)
        request(
            Request.prompt, "session/prompt",
            ["sessionId": .string(id), "prompt": [["type": "text", "text": .string(task.words)]]])
    }

    private mutating func refused(_ id: Int64?, _ error: JSONObject) {
        let code = error.number("code")
        let text = error.text("message") ?? "the agent gave no reason"
        switch id {
        case Request.initialize where !isReady:
            core.fail(.protocolBroken, "the agent refused the handshake: \(text)")
        case Request.session where isReady && !hasPrompted:
            // -32000: sign in first. -32002: there is no such session.
            let lost = task.session != nil && code != -32000
            core.fail(code == -32000 ? .credentials : lost ? .sessionLost : .other, text)
        case Request.prompt where hasPrompted:
            flush()
            core.finish(.failed(code == -32000 ? AgentFailure(.credentials, text) : AgentFailure(status: code, text)))
        default: break
        }
    }

    private mutating func ended(_ result: JSONObject) {
        flush()
        if let usage = result.object("usage") {
            core.note(
                TokenUsage(
                    input: usage.count("inputTokens"), cached: usage.count("cachedReadTokens"),
                    output: usage.count("outputTokens")))
        } else if let count = result.object("_meta")?.object("quota")?.object("token_count") {
            core.note(TokenUsage(input: count.count("input_tokens"), output: count.count("output_tokens")))
        }
        switch result.text("stopReason") {
        case "end_turn": core.finish(core.isInterrupted ? .interrupted : .success(core.lastText))
        case "cancelled": core.finish(.interrupted)
        case "max_tokens", "max_turn_requests": core.fail(.limitReached, "the agent stopped at a limit")
        case "refusal": core.fail(.badRequest, "the model refused to go on")
        default: core.fail(.protocolBroken, "the agent ended its turn for no known reason")
        }
    }

    // MARK: Sending

    private mutating func request(_ id: Int64, _ method: String, _ parameters: JSONValue) {
        send(["id": .integer(id), "method": .string(method), "params": parameters])
    }

    mutating func respond(_ id: JSONValue, _ result: JSONValue) { send(["id": id, "result": result]) }

    mutating func send(_ message: JSONValue) {
        let members = message.objectValue?.members ?? []
        core.send(.object(JSONObject([.init(name: "jsonrpc", value: "2.0")] + members)))
    }
}
