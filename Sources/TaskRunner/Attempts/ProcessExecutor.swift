internal import Foundation
public import Logging
internal import Synchronization
public import TaskModel

/// Runs attempts as processes. Each of a few threads starts, reads, times and ends its share of them.
public final class ProcessExecutor: AttemptExecutor {
    enum Command: Sendable {
        case start(AttemptOrder, leaseFrom: Double)
        case prepared(AttemptRef, Result<PreparedAttempt, SpawnError>)
        case exceeded(AttemptRef, LimitBreach)
        case stop(AttemptRef, StopReason)
        case renew([AttemptRef], until: Double)
        case asked(AttemptRef, AttemptQuestion)
        /// A question does not wait any more.
        case withdrawn(AttemptRef)
        case answer(AttemptRef, question: Int, QuestionAnswer)
        case acted(AttemptOrder, AttemptAct)
        /// A line for the attempt's record.
        case noted(AttemptRef, String)
        case stopAll(StopReason)
        case shutdown
    }

    private let mailboxes: [ReactorMailbox]
    private let refs: RunningRefs

    /// Starting a process takes a thread about half a millisecond; more than four would only wait for each other in the
    /// kernel.
    private static let threads = min(4, max(1, ProcessInfo.processInfo.activeProcessorCount))

    /// Starts the threads.
    public init(settings: RunnerSettings, sink: any AttemptSink, logger: Logger) throws {
        let refs = RunningRefs()
        self.refs = refs
        let preparer = try AttemptPreparer(settings: settings, logger: logger)
        let supervisor = Supervisor()
        mailboxes = try (0..<Self.threads).map { index in
            guard let poll = EventPoll() else {
                throw SpawnError(description: "epoll is not to be had: \(String(cString: strerror(errno)))")
            }
            return ReactorMailbox(poll: poll, index: index)
        }
        for mailbox in mailboxes {
            let thread = Thread {
                let reactor = AttemptReactor(
                    settings: settings, preparer: preparer, supervisor: supervisor, mailbox: mailbox, sink: sink,
                    logger: logger)
                while reactor.turn(ended: { refs.remove($0) }) {}
            }
            thread.name = "attempts-\(mailbox.index)"
            thread.start()
        }
    }

    deinit {
        shutdown()
    }

    private func mailbox(of ref: AttemptRef) -> ReactorMailbox {
        mailboxes[Int(UInt(bitPattern: ref.hashValue) % UInt(mailboxes.count))]
    }

    public func start(_ order: AttemptOrder, leaseFrom uptime: Double) {
        refs.insert(order.ref)
        mailbox(of: order.ref).post(.start(order, leaseFrom: uptime))
    }

    public func stop(_ ref: AttemptRef, reason: StopReason) {
        mailbox(of: ref).post(.stop(ref, reason))
    }

    public func renewLeases(_ refs: some Collection<AttemptRef>, from uptime: Double, seconds: Int) {
        guard !refs.isEmpty else { return }
        for mailbox in mailboxes {
            let own = refs.filter { self.mailbox(of: $0) === mailbox }
            if !own.isEmpty { mailbox.post(.renew(own, until: uptime + Double(seconds))) }
        }
    }

    public func answer(_ ref: AttemptRef, question number: Int, _ answer: QuestionAnswer) {
        mailbox(of: ref).post(.answer(ref, question: number, answer))
    }

    public func stopAll(reason: StopReason) {
        for mailbox in mailboxes { mailbox.post(.stopAll(reason)) }
    }

    public var running: Set<AttemptRef> { refs.all }

    /// Kills what runs and ends the threads; for tests and for the second signal.
    public func shutdown() {
        for mailbox in mailboxes { mailbox.post(.shutdown) }
    }
}

/// What others ask of one reactor.
final class ReactorMailbox: Sendable {
    let poll: EventPoll
    let index: Int
    private let commands = Mutex<[ProcessExecutor.Command]>([])

    init(poll: EventPoll, index: Int) {
        self.poll = poll
        self.index = index
    }

    func post(_ command: ProcessExecutor.Command) {
        commands.withLock { $0.append(command) }
        poll.wake()
    }

    func take() -> [ProcessExecutor.Command] {
        commands.withLock { commands in
            defer { commands = [] }
            return commands
        }
    }
}

/// The attempts that run, or whose end has not been reported yet.
private final class RunningRefs: Sendable {
    private let refs = Mutex<Set<AttemptRef>>([])

    func insert(_ ref: AttemptRef) { refs.withLock { _ = $0.insert(ref) } }
    func remove(_ ref: AttemptRef) { refs.withLock { _ = $0.remove(ref) } }
    var all: Set<AttemptRef> { refs.withLock { $0 } }
}
