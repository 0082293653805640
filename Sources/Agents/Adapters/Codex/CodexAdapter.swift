internal import TaskModel

/// Speaks with `codex app-server`: JSON lines in both directions, JSON-RPC without its `jsonrpc` member.
///
/// Only the policy `untrusted` asks reliably, so every command is asked about; codex's own sandbox is off, for ours is
/// around it, and an accepted command that codex's refused was seen to run a second time outside it.
public struct CodexAdapter: AgentAdapter {
    /// The ids of our own requests.
    private enum Request {
        static let initialize: Int64 = 0
        static let thread: Int64 = 1
        static let turn: Int64 = 2
        static let interrupt: Int64 = 3
    }

    private let task: AgentTask
    var core = AdapterCore()
    var thread: String?
    private var turn: String?
    public private(set) var isReady = false
    private var hasAskedForThread = false
    private var hasAskedForTurn = false
    /// The paths of each file change that was announced: the question itself does not name them.
    var changes: [String: [String]] = [:]
    /// What the thread had used before this turn.
    private var usageBefore: TokenUsage?

    public init(_ task: AgentTask) { self.task = task }

    public mutating func start() -> [AgentAction] {
        core.send([
            "id": .integer(Request.initialize), "method": "initialize",
            "params": ["clientInfo": ["name": "pandar", "title": "Pandar", "version": "1"]],
        ])
        return core.take()
    }

    public mutating func receive(line: [UInt8]) -> [AgentAction] {
        guard let frame = core.frame(in: line) else { return core.take() }
        let parameters = frame.object("params") ?? JSONObject()
        switch (frame.text("method"), frame["id"]) {
        case (let method?, let id?) where id != .null: asked(method, id, parameters)
        case (let method?, _): told(method, parameters)
        case (nil, let id?): responded(id.integerValue, frame)
        case (nil, nil): break
        }
        return core.take()
    }

    public mutating func interrupt() -> [AgentAction] {
        core.interrupt()
        for open in core.withdrawAll() { reply(open, refusal: AdapterCore.stopped, decision: "cancel") }
        if let thread, let turn {
            core.send([
                "id": .integer(Request.interrupt), "method": "turn/interrupt",
                "params": ["threadId": .string(thread), "turnId": .string(turn)],
            ])
        } else {
            core.finish(.interrupted)
        }
        return core.take()
    }

    public mutating func ended(exitCode: Int32) -> [AgentAction] {
        core.fail(
            isReady ? .programEnded : .protocolBroken, "codex ended with status \(exitCode) before its turn did")
        return core.take()
    }

    // MARK: Responses

    private mutating func responded(_ id: Int64?, _ frame: JSONObject) {
        if let error = frame.object("error") { return refused(id, error.text("message") ?? "no reason given") }
        guard let result = frame.object("result") else { return }
        switch id {
        case Request.initialize: askForThread()
        case Request.thread where hasAskedForThread:
            guard let id = result.object("thread")?.text("id") else {
                return core.fail(.protocolBroken, "codex started a thread without an id")
            }
            begin(id)
        case Request.turn where hasAskedForTurn: turn = turn ?? result.object("turn")?.text("id")
        default: break
        }
    }

    private mutating func refused(_ id: Int64?, _ message: String) {
        switch id {
        case Request.initialize: core.fail(.protocolBroken, "codex refused the handshake: \(message)")
        case Request.thread where hasAskedForThread && thread == nil:
            let code: AgentFailure.Code = task.session == nil ? .other : .sessionLost
            core.fail(code, "codex could not open the thread: \(message)")
        case Request.turn where hasAskedForTurn && turn == nil:
            core.fail(.other, "codex could not start the turn: \(message)")
        default: break
        }
    }

    private mutating func askForThread() {
        guard !hasAskedForThread else { return }
        hasAskedForThread = true
        isReady = true
        core.send(["method": "initialized"])
        var parameters = JSONObject()
        parameters["threadId"] = task.session.map { .string($0) }
        parameters["cwd"] = .string(task.directory)
        parameters["approvalPolicy"] = "untrusted"
        parameters["sandbox"] = "danger-full-access"
        let method: JSONValue = task.session == nil ? "thread/start" : "thread/resume"
        core.send(["id": .integer(Request.thread), "method": method, "params": .object(parameters)])
    }

    private mutating func begin(_ id: String) {
        guard thread == nil else { return }
        thread = id
        core.note(session: id)
        hasAskedForTurn = true
        core.send([
            "id": .integer(Request.turn), "method": "turn/start",
            "params": [
                "threadId": .string(id), "input": [["type": "text", "text": .string(task.words)]],
            ],
        ])
    }

    // MARK: What the notifications need

    /// Whether a notification is about this thread: an agent may have threads of its own below it.
    func isOurs(_ parameters: JSONObject) -> Bool {
        guard let thread else { return false }
        return parameters.text("threadId") == thread
    }

    mutating func note(turn id: String?) { turn = turn ?? id }

    /// Whether `id` is the turn that we started.
    func isOurs(turn id: String?) -> Bool { turn == nil || turn == id }

    /// Codex counts for the whole thread; an attempt that resumed one reports what it used itself.
    mutating func note(total: TokenUsage, last: TokenUsage) {
        guard turn != nil else { return usageBefore = total }
        let before =
            usageBefore
            ?? TokenUsage(
                input: total.input - last.input, cached: total.cached - last.cached, output: total.output - last.output)
        usageBefore = before
        core.note(
            TokenUsage(
                input: max(0, total.input - before.input), cached: max(0, total.cached - before.cached),
                output: max(0, total.output - before.output)))
    }
}
