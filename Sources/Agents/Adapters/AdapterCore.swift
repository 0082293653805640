internal import TaskModel

/// What all adapters keep in the same way: open questions, progress, the one end.
struct AdapterCore: Sendable {
    /// What the protocol knows an open question by, and what it takes to answer it.
    struct Open: Sendable {
        /// The request's id, a number or a string.
        let wire: JSONValue
        let kind: AgentQuestion.Kind
        /// The request's own parameters.
        let parameters: JSONObject
        let method: String
    }

    private var actions: [AgentAction] = []
    private var open: [AgentQuestion.ID: Open] = [:]
    /// Every request ever seen: one that is repeated gets no second answer.
    private var seen: Set<JSONValue> = []
    private var lastID = 0
    private var progress = AgentProgress()
    private var reported: ProgressReport?
    private var plan: [PlanStep] = []
    private var session: String?
    private var countedTools: Set<String> = []
    private(set) var isFinished = false
    private(set) var isInterrupted = false
    /// The agent's last words.
    var lastText = ""

    /// The actions since the last time; nothing but output and the end of input follows the end.
    mutating func take() -> [AgentAction] {
        if !isFinished { reportProgress() }
        defer { actions = [] }
        return actions
    }

    /// The frame that a line holds; what is none is said as it stands.
    mutating func frame(in line: [UInt8]) -> JSONObject? {
        if let frame = Frame.read(line) { return frame }
        say(String(decoding: line.prefix(1000), as: UTF8.self))
        return nil
    }

    mutating func send(_ value: JSONValue) { if !isFinished { actions.append(.write(Frame.line(value))) } }

    mutating func say(_ text: String) {
        if !isFinished, !text.isEmpty { actions.append(.text(text)) }
    }

    /// Output of a plain command, as it came; its last words come after it was told to end.
    mutating func pass(_ bytes: [UInt8]) { actions.append(.output(bytes)) }

    /// Keys for a program on a terminal.
    mutating func type(_ keys: [UInt8]) { if !isFinished { actions.append(.write(keys)) } }

    mutating func note(session: String?) {
        guard let session, !session.isEmpty, session != self.session, !isFinished else { return }
        self.session = session
        actions.append(.session(session))
    }

    mutating func note(_ usage: TokenUsage) { if !isFinished { actions.append(.usage(usage)) } }

    mutating func retrying(_ reason: String, milliseconds: Int64? = nil) {
        if !isFinished { actions.append(.retrying(reason: reason, milliseconds: milliseconds)) }
    }

    // MARK: Questions

    /// Whether this request was not seen before; it is from now on.
    mutating func isNew(_ wire: JSONValue) -> Bool { seen.insert(wire).inserted }

    mutating func ask(
        _ kind: AgentQuestion.Kind, wire: JSONValue, method: String, parameters: JSONObject, reason: String? = nil
    ) {
        guard !isFinished else { return }
        lastID += 1
        let id = AgentQuestion.ID(lastID)
        open[id] = Open(wire: wire, kind: kind, parameters: parameters, method: method)
        progress.hold()
        actions.append(.ask(AgentQuestion(id: id, kind: kind, reason: reason)))
    }

    /// Asks what no request of a protocol stands for: it is known by its number.
    mutating func ask(_ kind: AgentQuestion.Kind, method: String) -> AgentQuestion.ID {
        let id = AgentQuestion.ID(lastID + 1)
        ask(kind, wire: .integer(Int64(id.number)), method: method, parameters: JSONObject())
        return id
    }

    /// Takes an open question to answer it.
    mutating func settle(_ id: AgentQuestion.ID) -> Open? {
        guard let question = open.removeValue(forKey: id) else { return nil }
        progress.release()
        return question
    }

    /// The agent itself took a question back.
    mutating func withdraw(wire: JSONValue) {
        if let id = open.first(where: { $0.value.wire == wire })?.key { withdraw(id) }
    }

    mutating func withdraw(_ id: AgentQuestion.ID) {
        guard settle(id) != nil else { return }
        actions.append(.withdraw(id))
    }

    /// Takes all open questions back, and gives them to be answered.
    mutating func withdrawAll() -> [Open] {
        let all = open.sorted { $0.key.number < $1.key.number }
        for (id, _) in all { withdraw(id) }
        return all.map(\.value)
    }

    /// What the agent is told of its open questions when it is stopped. It stands in the conversation that may go on later.
    static let stopped =
        "This was interrupted before it was done: you are being stopped, and may be asked later to go on."

    mutating func interrupt() { isInterrupted = true }

    // MARK: Progress

    mutating func enter(_ phase: ProgressReport.Phase) { progress.enter(phase) }

    /// Counts a tool once.
    mutating func toolEnded(_ id: String) {
        if countedTools.insert(id).inserted { progress.toolEnded() }
    }

    /// Takes what lines of output told.
    mutating func tell(_ told: ToldProgress) { if !isFinished { progress.tell(told) } }

    mutating func note(plan steps: [PlanStep]) {
        guard !isFinished, steps != plan else { return }
        plan = steps
        progress.plan(steps)
        actions.append(.plan(steps))
    }

    private mutating func reportProgress() {
        let report = progress.report
        guard report != reported else { return }
        reported = report
        actions.append(.progress(report))
    }

    // MARK: The end

    /// The first end counts. A turn that was told to stop was stopped, whatever it makes of that itself.
    mutating func finish(_ result: AgentResult) {
        guard !isFinished else { return }
        _ = withdrawAll()
        if case .success = result {
            progress.enter(.finalizing)
            reportProgress()
            progress.enter(.done)
            reportProgress()
        }
        isFinished = true
        if case .failed = result, isInterrupted {
            actions.append(.finished(.interrupted))
        } else {
            actions.append(.finished(result))
        }
        actions.append(.closeInput)
    }

    mutating func fail(_ code: AgentFailure.Code, _ message: String) { finish(.failed(AgentFailure(code, message))) }
}
