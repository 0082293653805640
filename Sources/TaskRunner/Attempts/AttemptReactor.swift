internal import CProcess
internal import Foundation
internal import Logging
internal import TaskModel

/// What one thread of `ProcessExecutor` does. Children die with this thread, so it lives as long as the service.
final class AttemptReactor {
    let settings: RunnerSettings
    let preparer: AttemptPreparer
    let supervisor: Supervisor
    let mailbox: ReactorMailbox
    let sink: any AttemptSink
    let logger: Logger
    var poll: EventPoll { mailbox.poll }
    private(set) var processGuard: ProcessGuard?
    /// Attempts that are being prepared.
    var preparing: [AttemptRef: PreparingAttempt] = [:]
    /// Attempts whose process was started, by token.
    var attempts: [UInt64: RunningAttempt] = [:]
    var tokens: [AttemptRef: UInt64] = [:]
    var lastToken: UInt64 = 0
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var ended: [AttemptRef] = []

    init(
        settings: RunnerSettings, preparer: AttemptPreparer, supervisor: Supervisor, mailbox: ReactorMailbox,
        sink: any AttemptSink, logger: Logger
    ) {
        self.settings = settings
        self.preparer = preparer
        self.supervisor = supervisor
        self.mailbox = mailbox
        self.sink = sink
        self.logger = logger
        // A parent that ignored SIGCHLD has left us that: children would vanish with their exit codes.
        signal(SIGCHLD, SIG_DFL)
        processGuard = ProcessGuard()
        if processGuard == nil {
            logger.warning("children of attempts may outlive a crash: the guard process could not be started")
        }
    }

    /// Waits for something and deals with it. `false` when the thread shall end.
    func turn(ended report: (AttemptRef) -> Void) -> Bool {
        let now = Uptime.now
        let due = min(
            attempts.values.lazy.map(\.deadline).min() ?? .infinity,
            preparing.values.lazy.map(\.deadline).min() ?? .infinity, now + 60)
        let tokens = poll.wait(seconds: due - now)
        for command in mailbox.take() {
            if case .shutdown = command {
                abandon()
                return false
            }
            perform(command)
        }
        // After the commands: what was done for a program was told before the program heard of it and ended.
        for token in tokens where token != EventPoll.wakeToken { ready(token) }
        tick()
        for ref in ended { report(ref) }
        ended.removeAll(keepingCapacity: true)
        return true
    }

    /// Kills all that runs and leaves nothing of it behind. Nothing is reported any more.
    private func abandon() {
        supervisor.end()
        for attempt in attempts.values {
            kill(attempt)
            var status: Int32 = 0
            var usage = rusage()
            if !attempt.hasExited { _ = pandar_reap(attempt.process.pid, 0, &status, &usage) }
            attempt.closeAll(in: poll)
            preparer.release(attempt.holdings, WorkspaceOutcome.interrupted)
        }
        attempts = [:]
        tokens = [:]
        preparing = [:]
        preparer.end()
    }

    private func perform(_ command: ProcessExecutor.Command) {
        let now = Uptime.now
        switch command {
        case .start(let order, let uptime): prepare(order, leaseUntil: uptime + Double(order.leaseSeconds))
        case .prepared(let ref, let result): begin(ref, result)
        case .exceeded(let ref, let breach):
            guard let attempt = attempt(ref) else { return }
            carryOut(attempt.lifecycle.exceed(breach), on: attempt)
        case .stop(let ref, let reason):
            preparing[ref]?.stop(reason)
            guard let attempt = attempt(ref) else { return }
            carryOut(attempt.lifecycle.stop(reason, now: now), on: attempt)
        case .renew(let refs, let until):
            for ref in refs {
                preparing[ref]?.renewLease(until: until)
                attempt(ref)?.lifecycle.renewLease(until: until)
            }
        case .asked, .withdrawn, .answer, .acted, .noted: performGate(command, now: now)
        case .stopAll(let reason):
            for ref in preparing.keys { preparing[ref]?.stop(reason) }
            for attempt in Array(attempts.values) {
                carryOut(attempt.lifecycle.stop(reason, now: now), on: attempt)
            }
        case .shutdown: break
        }
    }

    func attempt(_ ref: AttemptRef) -> RunningAttempt? {
        tokens[ref].flatMap { attempts[$0] }
    }

    /// Has the guard know of a group. A guard that was killed is replaced.
    func watch(_ group: pid_t) {
        guard processGuard?.watch(group) == false else { return }
        logger.warning("the guard process was gone; a new one is started")
        processGuard = ProcessGuard()
        for attempt in attempts.values where !attempt.hasExited { _ = processGuard?.watch(attempt.process.pid) }
        _ = processGuard?.watch(group)
    }

    private func tick() {
        let now = Uptime.now
        for (ref, attempt) in preparing where attempt.heartbeatAt <= now {
            preparing[ref]?.heartbeatAt = now + Double(settings.heartbeatSeconds)
            sink.report(
                report(of: attempt.order, .heartbeat, TaskProgress(percent: 0, phase: "starting")), of: attempt.order)
        }
        for attempt in Array(attempts.values) where attempt.deadline <= now {
            if let flushAt = attempt.publisher.flushAt, flushAt <= now {
                for chunk in attempt.publisher.flush() { sink.output(chunk, of: attempt.order) }
            }
            if attempt.heartbeatAt <= now {
                attempt.heartbeatAt = now + Double(settings.heartbeatSeconds)
                beat(attempt, now: now)
                for question in attempt.holdings.gate?.waiting ?? [] { report(question, of: attempt) }
            }
            if let newsAt = attempt.agent?.newsAt, newsAt <= now { beat(attempt, now: now) }
            carryOut(attempt.lifecycle.tick(now: now), on: attempt)
        }
    }

    /// Tells that an attempt lives, how far it is, and what is known of its agent.
    private func beat(_ attempt: RunningAttempt, now: Double) {
        let progress = attempt.progress(now: now)
        var report = self.report(of: attempt.order, .heartbeat, progress)
        report.agent = attempt.account
        sink.report(report, of: attempt.order)
        sink.progress(attempt.progressEvent(progress), of: attempt.order)
        attempt.agent?.newsTold(now: now)
    }

    func carryOut(_ actions: [AttemptLifecycle.Action], on attempt: RunningAttempt) {
        for action in actions {
            switch action {
            case .terminate: terminate(attempt)
            case .kill: kill(attempt)
            case .finish: finish(attempt)
            }
        }
    }

    func report(
        of order: AttemptOrder, _ kind: RunnerReport.Kind, _ progress: TaskProgress, _ outcome: AttemptOutcome? = nil,
        _ result: AttemptResult = AttemptResult()
    ) -> RunnerReport {
        RunnerReport(
            ref: order.ref, runner: settings.runner, incarnation: settings.incarnation, kind: kind,
            progress: progress, outcome: outcome, result: result, at: .now)
    }
}
