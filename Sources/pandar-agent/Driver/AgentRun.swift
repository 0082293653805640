internal import Agents
internal import Glibc

/// One run of one agent's program: its pipes or its terminal, the talk with it, and when something has to be done about it.
/// There may be several at a time: the agent that works, and those that answer its questions.
final class AgentRun {
    enum Role {
        /// The agent that the task is for.
        case primary
        /// The proxy agent, in its place.
        case recovery
        /// The proxy agent, for one question. `complaint`: what was wrong with its first answer.
        case answering(AgentQuestion, [AgentQuestion.Words], complaint: String?)
    }

    let role: Role
    /// What is added to the numbers of its questions, so that reports have each number once.
    let firstNumber: Int
    /// Its number in the accounts.
    let account: Int
    var conversation: any AgentConversation
    var child: Child
    var result: AgentResult?
    var isTerminated = false
    private var pending: [UInt8] = []
    private var closesInput = false
    private var isKilled = false
    private let program: String
    private let handshakeSeconds: Int
    private let graceSeconds: Int
    /// When something is done about a program that does not do it by itself, in milliseconds.
    private var deadline: Int64?
    /// When it must be over, whatever it does.
    private let limit: Int64?

    /// How long a program's output is read after its end: what it started may hold the pipe open.
    private static let drainMilliseconds: Int64 = 3000

    init(
        _ role: Role, _ kind: AdapterKind, _ program: [String], environment: [String: String], task: AgentTask,
        order: AgentOrder, firstNumber: Int, account: Int
    ) throws(Child.Failure) {
        self.role = role
        self.firstNumber = firstNumber
        self.account = account
        self.program = program[0]
        conversation = order.conversation(kind, task)
        handshakeSeconds = order.handshakeSeconds
        graceSeconds = order.graceSeconds
        let own = kind.environment.filter { getenv($0.key) == nil }.merging(environment) { $1 }
        let words = program + kind.arguments(session: task.session, newSession: UUIDText.random())
        child = try Child(
            words, directory: order.directory, variables: own, streams: kind == .exec ? .terminal : .pipes)
        if !conversation.isReady { deadline = Descriptor.now + Int64(order.handshakeSeconds) * 1000 }
        if case .answering = role { limit = Descriptor.now + Int64(order.answerSeconds) * 1000 } else { limit = nil }
    }

    /// Whether it is to answer that question.
    func isAbout(_ id: AgentQuestion.ID) -> Bool {
        if case .answering(let question, _, _) = role { question.id == id } else { false }
    }

    /// Whether program and output have ended.
    var isOver: Bool { child.waitStatus != nil && child.output < 0 }

    /// When it is to be looked at again at the latest.
    var due: Int64? { [overdue, conversation.due].compactMap(\.self).min() }

    /// When something is to be done about the program.
    private var overdue: Int64? { [deadline, isKilled || result != nil ? nil : limit].compactMap(\.self).min() }

    func watch(_ list: inout [pollfd]) {
        list.append(pollfd(fd: child.output, events: Int16(POLLIN), revents: 0))
        list.append(pollfd(fd: pending.isEmpty ? -1 : child.input, events: Int16(POLLOUT), revents: 0))
    }

    // MARK: Pipes

    /// Takes what is there now, a piece at a time; `nil` when that is nothing.
    func read() -> [AgentAction]? {
        guard child.output >= 0 else { return nil }
        guard let piece = Descriptor.read(child.output) else {
            child.closeOutput()
            return conversation.outputEnded()
        }
        guard !piece.isEmpty else { return nil }
        let wasReady = conversation.isReady
        let actions = conversation.receive(piece, at: Descriptor.now)
        if conversation.isReady, !wasReady, result == nil, !isTerminated { deadline = nil }
        return actions
    }

    /// What a silence means.
    func look() -> [AgentAction] {
        guard let due = conversation.due, Descriptor.now >= due else { return [] }
        return conversation.look(at: Descriptor.now, child.terminalMode)
    }

    func write(_ bytes: [UInt8]) {
        pending += bytes
        flush()
    }

    func closeInput() {
        if child.isOnTerminal { terminate() }
        closesInput = true
        flush()
        giveUpAfterGrace()
    }

    func terminate() {
        if child.waitStatus == nil { child.signal(SIGTERM) }
    }

    func flush() {
        guard child.input >= 0 else { return pending = [] }
        if !Descriptor.write(child.input, &pending) { pending = [] }
        if pending.isEmpty, closesInput { child.closeInput() }
    }

    // MARK: Its end

    /// From now on the program is expected to end.
    func giveUpAfterGrace() {
        if child.waitStatus == nil { deadline = Descriptor.now + Int64(graceSeconds) * 1000 }
    }

    func reaped(_ status: Int32) {
        child.waitStatus = status
        deadline = Descriptor.now + Self.drainMilliseconds
    }

    func kill() {
        child.signal(isKilled || isTerminated || result == nil ? SIGKILL : SIGTERM)
        isKilled = true
        deadline = Descriptor.now + 2000
    }

    /// Does what is due; `false` when it is over.
    func expire() -> Bool {
        guard let overdue, Descriptor.now >= overdue else { return true }
        if child.waitStatus != nil, deadline == overdue { return false }
        if result == nil, !isTerminated {
            if let limit, Descriptor.now >= limit {
                result = .failed(AgentFailure(.other, "it took too long"))
            } else if !conversation.isReady {
                result = .failed(
                    AgentFailure(.protocolBroken, "no answer from \(program) in \(handshakeSeconds) s"))
            }
        }
        kill()
        return true
    }

    /// Leaves nothing of it open.
    func end() {
        child.signal(SIGKILL)
        child.closeInput()
        child.closeOutput()
    }
}
