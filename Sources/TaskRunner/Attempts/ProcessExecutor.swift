internal import Foundation
public import Logging
internal import Synchronization
public import TaskModel

/// Runs attempts as processes. One thread starts, reads, times and ends them all.
public final class ProcessExecutor: AttemptExecutor {
    enum Command: Sendable {
        case start(AttemptOrder, leaseFrom: Double)
        case stop(AttemptRef, StopReason)
        case renew([AttemptRef], until: Double)
        case stopAll(StopReason)
        case shutdown
    }

    private let poll: EventPoll
    private let commands = Mutex<[Command]>([])
    private let refs = Mutex<Set<AttemptRef>>([])

    /// Starts the thread.
    public init(settings: RunnerSettings, sink: any AttemptSink, logger: Logger) throws {
        guard let poll = EventPoll() else {
            throw SpawnError(description: "epoll is not to be had: \(String(cString: strerror(errno)))")
        }
        self.poll = poll
        let workDirectory = try WorkDirectory(settings.workDirectory)
        let thread = Thread { [weak self] in
            let reactor = AttemptReactor(
                settings: settings, workDirectory: workDirectory, sink: sink, poll: poll, logger: logger)
            while reactor.turn(commands: { self?.takeCommands() ?? [.shutdown] }, ended: { self?.ended($0) }) {}
        }
        thread.name = "attempts"
        thread.start()
    }

    deinit {
        commands.withLock { $0.append(.shutdown) }
        poll.wake()
    }

    private func takeCommands() -> [Command] {
        commands.withLock { commands in
            defer { commands = [] }
            return commands
        }
    }

    private func ended(_ ref: AttemptRef) {
        refs.withLock { _ = $0.remove(ref) }
    }

    private func post(_ command: Command) {
        commands.withLock { $0.append(command) }
        poll.wake()
    }

    public func start(_ order: AttemptOrder, leaseFrom uptime: Double) {
        refs.withLock { _ = $0.insert(order.ref) }
        post(.start(order, leaseFrom: uptime))
    }

    public func stop(_ ref: AttemptRef, reason: StopReason) {
        post(.stop(ref, reason))
    }

    public func renewLeases(_ refs: some Collection<AttemptRef>, from uptime: Double, seconds: Int) {
        guard !refs.isEmpty else { return }
        post(.renew(Array(refs), until: uptime + Double(seconds)))
    }

    public func stopAll(reason: StopReason) {
        post(.stopAll(reason))
    }

    public var running: Set<AttemptRef> { refs.withLock { $0 } }

    /// Kills what runs and ends the thread; for tests and for the second signal.
    public func shutdown() {
        post(.shutdown)
    }
}
