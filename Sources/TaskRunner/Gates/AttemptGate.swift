internal import Foundation
internal import Logging
internal import Synchronization
internal import TaskModel

/// The gate broker of one attempt: takes what its sandbox asks, has the owner decide, does what was agreed to.
final class AttemptGate: Sendable {
    let order: AttemptOrder
    let workspace: Workspace
    var project: Project { workspace.project }
    let label: UInt64
    let rules: GateRules
    let socket: GateSocket
    let services: GateServices
    private let mailbox: ReactorMailbox
    private let acceptor: GateAcceptor
    private let state = Mutex(State())
    private let sessions = DispatchGroup()
    /// Calls of git of this attempt at a time.
    private let turns = DispatchSemaphore(value: 2)

    private struct State {
        var desk = GateDesk()
        var waiters: [Int: GateWaiter] = [:]
        var connections: Set<Int32> = []
        var token: UInt64?
        var acts = 0
        var approvals = PushApprovals()
        var isClosed = false
    }

    /// Connections of one attempt at a time; more are closed at once.
    static let largestConnections = 32

    init(
        order: AttemptOrder, workspace: Workspace, label: UInt64, rules: GateRules, socketPath: String,
        services: GateServices, mailbox: ReactorMailbox, acceptor: GateAcceptor
    ) throws(SpawnError) {
        self.order = order
        self.workspace = workspace
        self.label = label
        self.rules = rules
        self.services = services
        self.mailbox = mailbox
        self.acceptor = acceptor
        socket = try GateSocket(path: socketPath)
    }

    /// Begins to listen.
    func open() {
        state.withLock { state in
            if !state.isClosed { state.token = acceptor.add(self) }
        }
    }

    // MARK: Connections

    /// Takes what waits, each on a thread of its own.
    func acceptAll() {
        while true {
            // Under the lock: once the socket is closed its number is another's, perhaps another attempt's.
            let accepted = state.withLock { state -> (connection: Int32, isTaken: Bool)? in
                guard !state.isClosed, let connection = socket.accept() else { return nil }
                guard state.connections.count < Self.largestConnections else { return (connection, false) }
                state.connections.insert(connection)
                sessions.enter()
                return (connection, true)
            }
            guard let (connection, isTaken) = accepted else { return }
            guard isTaken else {
                close(connection)
                continue
            }
            let thread = Thread { [self] in
                GateSession(gate: self, wire: GateWire(connection)).run()
                // Together, for its number is another's as soon as it is closed.
                state.withLock { state in
                    state.connections.remove(connection)
                    _ = Foundation.close(connection)
                }
                sessions.leave()
            }
            thread.name = "gate"
            thread.start()
        }
    }

    /// Whether the attempt may still have something done.
    var isOpen: Bool { state.withLock { !$0.isClosed } }

    /// Ends what waits. What is being done already goes on to its end.
    func stop() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            state.desk.close()
            for waiter in state.waiters.values { waiter.wake(nil) }
            state.waiters = [:]
            for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
            if let token = state.token { acceptor.remove(token) }
            socket.close()
        }
    }

    /// Waits for the threads of the connections, for a while.
    func finish(seconds: Int) { _ = sessions.wait(timeout: .now() + .seconds(seconds)) }

    /// Has git, or a copy of the workspace, do something when it is this attempt's turn.
    func inTurn<Value, Failure: Error>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
        turns.wait()
        defer { turns.signal() }
        services.turns.wait()
        defer { services.turns.signal() }
        return try body()
    }

    /// Programs of one attempt that run outside or wait for it at a time: each holds a copy of the workspace.
    static let largestActs = 4

    /// `false` where there are as many as may be.
    func beginAct() -> Bool {
        state.withLock { state in
            guard !state.isClosed, state.acts < Self.largestActs else { return false }
            state.acts += 1
            return true
        }
    }

    func endAct() { state.withLock { $0.acts -= 1 } }

    // MARK: Questions

    enum Verdict: Equatable {
        case granted(confirmationID: String)
        case refused(String)
        /// The asker or the attempt is gone.
        case gone
    }

    /// Asks the owner and waits for the answer, as long as `connection` does.
    func ask(gate: String, rule: String, reason: String, action: JSONObject, for connection: Int32) -> Verdict {
        guard let waiter = GateWaiter() else { return .refused("the runner has no descriptors left") }
        let question = state.withLock { state -> AttemptQuestion? in
            let question = state.desk.ask(gate: gate, rule: rule, reason: reason, action: action)
            if let question { state.waiters[question.number] = waiter }
            return question
        }
        guard let question else { return .refused("this attempt asks too much, or has ended") }
        mailbox.post(.asked(order.ref, question))
        let answer = waiter.wait(while: connection)
        let late = state.withLock { state -> QuestionAnswer? in
            state.waiters[question.number] = nil
            state.desk.leave(question.number)
            return answer == nil ? waiter.answer : nil
        }
        mailbox.post(.withdrawn(order.ref))
        switch answer ?? late {
        case .granted(let id): return .granted(confirmationID: id)
        case .refused(let reason): return .refused(reason)
        case nil: return .gone
        }
    }

    /// The owner's answer.
    func answer(_ number: Int, _ answer: QuestionAnswer) {
        let effect = state.withLock { state in
            let effect = state.desk.answer(number, answer)
            // Under the lock: an asker that gives up just now must find either its question or its answer.
            if effect == .wakes { state.waiters[number]?.wake(answer) }
            return effect
        }
        guard case .unused(let id?) = effect else { return }
        tell(
            AttemptAct(
                confirmationID: id, exitCode: nil,
                summary: "nothing was done: the program that asked had gone before the answer"))
    }

    /// Those that wait, for the next heartbeat.
    var waiting: [AttemptQuestion] { state.withLock { $0.desk.waiting } }

    // MARK: Approvals of pushes that are still to come

    /// Keeps what was agreed to until the push comes. `false` where none can come any more.
    func keep(_ confirmations: [String], for push: PushApprovals.Push) -> Bool {
        let replaced = state.withLock { state -> [String]? in
            state.isClosed ? nil : state.approvals.keep(confirmations, for: push)
        }
        guard let replaced else { return false }
        for id in replaced { tell(Self.unused(id)) }
        return true
    }

    func hasApproval(of push: PushApprovals.Push) -> Bool { state.withLock { $0.approvals.contains(push) } }

    /// The confirmations of a push, to use them now.
    func takeApproval(of push: PushApprovals.Push) -> [String]? { state.withLock { $0.approvals.take(push) } }

    /// What is to be told of approvals that nothing followed on. To be called once the gate is stopped.
    func takeUnused() -> [AttemptAct] { state.withLock { $0.approvals.takeAll() }.map(Self.unused) }

    private static func unused(_ id: String) -> AttemptAct {
        AttemptAct(
            confirmationID: id, exitCode: nil, summary: "nothing was done: approved, but the push did not follow")
    }

    // MARK: What was done

    func tell(_ act: AttemptAct) { mailbox.post(.acted(order, act)) }

    /// Puts a line into the attempt's own record.
    func note(_ text: String) { mailbox.post(.noted(order.ref, "pandar: \(text)\n")) }
}
