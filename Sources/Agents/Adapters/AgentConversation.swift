/// One side of the talk with an agent's program, from its first byte to its end. No I/O and no clock: times are given,
/// in milliseconds of a clock that is not set.
public protocol AgentConversation: Sendable {
    /// What is said first.
    mutating func start() -> [AgentAction]
    /// What the program wrote, split anywhere.
    mutating func receive(_ bytes: [UInt8], at now: Int64) -> [AgentAction]
    /// It will write nothing more.
    mutating func outputEnded() -> [AgentAction]
    /// Answers a question, once; what is not open any more is left alone.
    mutating func answer(_ question: AgentQuestion.ID, _ answer: AgentAnswer) -> [AgentAction]
    /// Asks the agent to stop. Open questions are answered so that nothing of them runs.
    mutating func interrupt() -> [AgentAction]
    /// The program is gone, with its exit status (128 and the signal's number where one ended it).
    mutating func ended(exitCode: Int32) -> [AgentAction]
    /// Whether the program has answered: until then a time limit is in order.
    var isReady: Bool { get }
    /// When `look` has something to do; `nil`: not without another byte.
    var due: Int64? { get }
    /// Looks at what has been silent for a while.
    ///
    /// - Parameter terminal: what the program has made of its terminal, where it has one.
    mutating func look(at now: Int64, _ terminal: TerminalMode?) -> [AgentAction]
}

/// The talk with a program that speaks a protocol of lines.
struct LineConversation: AgentConversation {
    private var adapter: any AgentAdapter
    private var splitter = LineSplitter()

    init(_ adapter: any AgentAdapter) { self.adapter = adapter }

    mutating func start() -> [AgentAction] { adapter.start() }

    mutating func receive(_ bytes: [UInt8], at now: Int64) -> [AgentAction] {
        var actions: [AgentAction] = []
        for line in splitter.receive(bytes) { actions += take(line) }
        return actions
    }

    mutating func outputEnded() -> [AgentAction] { splitter.finish().map { take($0) } ?? [] }

    private mutating func take(_ line: LineSplitter.Line) -> [AgentAction] {
        switch line {
        case .frame(let bytes): adapter.receive(line: bytes)
        case .plain(let text): [.text(text)]
        case .dropped(let count): [.text("(a line of \(count) bytes is left out)")]
        }
    }

    mutating func answer(_ question: AgentQuestion.ID, _ answer: AgentAnswer) -> [AgentAction] {
        adapter.answer(question, answer)
    }

    mutating func interrupt() -> [AgentAction] { adapter.interrupt() }
    mutating func ended(exitCode: Int32) -> [AgentAction] { adapter.ended(exitCode: exitCode) }

    var isReady: Bool { adapter.isReady }
    var due: Int64? { nil }
    mutating func look(at now: Int64, _ terminal: TerminalMode?) -> [AgentAction] { [] }
}

extension AgentOrder {
    /// The talk with the program of this order, or with the proxy agent's.
    public func conversation(_ kind: AdapterKind, _ task: AgentTask) -> any AgentConversation {
        kind.adapter(for: task).map(LineConversation.init)
            ?? TerminalConversation(progress: progress, prompts: prompts)
    }
}
