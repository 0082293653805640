internal import CProcess
internal import Foundation
internal import Logging
internal import TaskModel

/// What the one thread of `ProcessExecutor` does. Children die with this thread, so it lives as long as the service.
final class AttemptReactor {
    private let settings: RunnerSettings
    private let sink: any AttemptSink
    private let poll: EventPoll
    private let logger: Logger
    private var processGuard: ProcessGuard?
    private let workDirectory: WorkDirectory
    private var attempts: [UInt64: RunningAttempt] = [:]
    private var tokens: [AttemptRef: UInt64] = [:]
    private var lastToken: UInt64 = 0
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    private var ended: [AttemptRef] = []

    /// Reads of one pipe in one turn, so that a flood does not hold the others up.
    private static let readsPerTurn = 4

    private enum Source: UInt64 {
        case output, error, leader
    }

    init(
        settings: RunnerSettings, workDirectory: WorkDirectory, sink: any AttemptSink, poll: EventPoll, logger: Logger
    ) {
        self.settings = settings
        self.workDirectory = workDirectory
        self.sink = sink
        self.poll = poll
        self.logger = logger
        // A parent that ignored SIGCHLD has left us that: children would vanish with their exit codes.
        signal(SIGCHLD, SIG_DFL)
        processGuard = ProcessGuard()
        if processGuard == nil {
            logger.warning("children of attempts may outlive a crash: the guard process could not be started")
        }
    }

    /// Waits for something and deals with it. `false` when the thread shall end.
    func turn(commands: () -> [ProcessExecutor.Command], ended report: (AttemptRef) -> Void) -> Bool {
        let now = Uptime.now
        let due = attempts.values.lazy.map(\.deadline).min() ?? now + 60
        for token in poll.wait(seconds: due - now) where token != EventPoll.wakeToken { ready(token) }
        for command in commands() {
            if case .shutdown = command {
                abandon()
                return false
            }
            perform(command)
        }
        tick()
        for ref in ended { report(ref) }
        ended.removeAll(keepingCapacity: true)
        return true
    }

    /// Kills all that runs and leaves nothing of it behind. Nothing is reported any more.
    private func abandon() {
        for attempt in attempts.values {
            signalGroup(attempt, SIGKILL)
            var status: Int32 = 0
            var usage = rusage()
            if !attempt.hasExited { _ = pandar_reap(attempt.process.pid, 0, &status, &usage) }
            attempt.closeAll()
            workDirectory.remove(attempt.directory)
        }
        attempts = [:]
        tokens = [:]
    }

    private func perform(_ command: ProcessExecutor.Command) {
        let now = Uptime.now
        switch command {
        case .start(let order, let uptime): start(order, leaseUntil: uptime + Double(order.leaseSeconds))
        case .stop(let ref, let reason):
            guard let attempt = tokens[ref].flatMap({ attempts[$0] }) else { return }
            carryOut(attempt.lifecycle.stop(reason, now: now), on: attempt)
        case .renew(let refs, let until):
            for ref in refs { tokens[ref].flatMap { attempts[$0] }?.lifecycle.renewLease(until: until) }
        case .stopAll(let reason):
            for attempt in Array(attempts.values) {
                carryOut(attempt.lifecycle.stop(reason, now: now), on: attempt)
            }
        case .shutdown: break
        }
    }

    /// Has the guard know of a group. A guard that was killed is replaced.
    private func watch(_ group: pid_t) {
        guard processGuard?.watch(group) == false else { return }
        logger.warning("the guard process was gone; a new one is started")
        processGuard = ProcessGuard()
        for attempt in attempts.values where !attempt.hasExited { _ = processGuard?.watch(attempt.process.pid) }
        _ = processGuard?.watch(group)
    }

    private func start(_ order: AttemptOrder, leaseUntil: Double) {
        // An order that is given twice must not make two processes.
        guard tokens[order.ref] == nil else { return }
        let now = Uptime.now
        // A commit can take longer than a lease; somebody else may have the task by now.
        guard now < leaseUntil else {
            let error = "the lease of \(order.leaseSeconds) s had passed before the attempt could start"
            report(order, .finished, TaskProgress(), .lost, AttemptResult(error: error, duration: 0))
            ended.append(order.ref)
            return
        }
        do {
            let plan = try plan(order)
            let process: SpawnedProcess
            do {
                process = try plan.start()
            } catch {
                workDirectory.remove(plan.directory)
                throw error
            }
            watch(process.pid)
            lastToken += 1
            let attempt = RunningAttempt(
                order: order, token: lastToken, process: process, directory: plan.directory, now: now,
                leaseUntil: leaseUntil, settings: settings)
            attempts[lastToken] = attempt
            tokens[order.ref] = lastToken
            poll.add(process.output, token: lastToken << 2 | Source.output.rawValue)
            poll.add(process.error, token: lastToken << 2 | Source.error.rawValue)
            poll.add(process.pidfd, token: lastToken << 2 | Source.leader.rawValue)
        } catch {
            report(order, .finished, TaskProgress(), .failed, AttemptResult(error: "\(error)", duration: 0))
            ended.append(order.ref)
        }
    }

    private func plan(_ order: AttemptOrder) throws(SpawnError) -> SpawnPlan {
        let words: [String]
        do {
            let request = try order.spec.request()
            words = try CommandLine(request.command).words
        } catch {
            throw SpawnError(description: "the command cannot be run: \(error)")
        }
        let directory = try workDirectory.make(order.ref)
        var environment = [
            "PATH": settings.path, "HOME": directory, "LANG": "C.UTF-8", "TERM": "dumb", "NO_COLOR": "1",
            "GIT_TERMINAL_PROMPT": "0", "DEBIAN_FRONTEND": "noninteractive",
            "PANDAR_TASK_ID": order.ref.taskID.text, "PANDAR_ATTEMPT": String(order.ref.attempt),
        ]
        environment["TRACEPARENT"] = order.traceparent
        return SpawnPlan(words: words, environment: environment, directory: directory, path: settings.path)
    }

    private func ready(_ token: UInt64) {
        guard let attempt = attempts[token >> 2], let source = Source(rawValue: token & 3) else { return }
        switch source {
        case .output: read(attempt, attempt.process.output)
        case .error: read(attempt, attempt.process.error)
        case .leader: reap(attempt)
        }
    }

    private func read(_ attempt: RunningAttempt, _ descriptor: Int32) {
        for _ in 0..<Self.readsPerTurn {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            if count > 0 {
                let chunks = attempt.publisher.append(
                    buffer[..<count], attempt.stream(of: descriptor), now: Uptime.now)
                for chunk in chunks { sink.output(chunk, of: attempt.order) }
                if count < buffer.count { return }
            } else if count < 0, errno == EAGAIN || errno == EINTR {
                return
            } else {
                if attempt.closed(descriptor) { carryOut(attempt.lifecycle.outputClosed(), on: attempt) }
                return
            }
        }
    }

    private func reap(_ attempt: RunningAttempt) {
        var status: Int32 = 0
        var usage = rusage()
        // The rest of the group goes before the leader is reaped: after that its number may be another's.
        signalGroup(attempt, SIGKILL)
        let reaped = pandar_reap(attempt.process.pid, Int32(WNOHANG), &status, &usage)
        guard reaped != 0 else { return }
        poll.remove(attempt.process.pidfd)
        attempt.hasExited = true
        _ = processGuard?.forget(attempt.process.pid)
        guard reaped == 1 else {
            logger.error("an attempt's exit code is not to be had", metadata: ["attempt": "\(attempt.ref)"])
            carryOut(attempt.lifecycle.leaderExited(now: Uptime.now), on: attempt)
            return
        }
        // WIFEXITED and its kind are macros, which Swift does not see.
        if status & 0x7F == 0 { attempt.exitCode = status >> 8 & 0xFF } else { attempt.signal = status & 0x7F }
        // What is in the pipes already belongs to the attempt; then they are looked at for a while longer.
        carryOut(attempt.lifecycle.leaderExited(now: Uptime.now), on: attempt)
    }

    private func tick() {
        let now = Uptime.now
        for attempt in Array(attempts.values) where attempt.deadline <= now {
            if let flushAt = attempt.publisher.flushAt, flushAt <= now {
                for chunk in attempt.publisher.flush() { sink.output(chunk, of: attempt.order) }
            }
            if attempt.heartbeatAt <= now {
                attempt.heartbeatAt = now + Double(settings.heartbeatSeconds)
                let progress = attempt.progress(now: now)
                report(attempt.order, .heartbeat, progress, nil, AttemptResult())
                sink.progress(attempt.progressEvent(progress), of: attempt.order)
            }
            carryOut(attempt.lifecycle.tick(now: now), on: attempt)
        }
    }

    private func carryOut(_ actions: [AttemptLifecycle.Action], on attempt: RunningAttempt) {
        for action in actions {
            switch action {
            case .terminate: signalGroup(attempt, SIGTERM)
            case .kill: signalGroup(attempt, SIGKILL)
            case .finish: finish(attempt)
            }
        }
    }

    private func signalGroup(_ attempt: RunningAttempt, _ signal: Int32) {
        guard !attempt.hasExited else { return }
        _ = kill(-attempt.process.pid, signal)
    }

    private func finish(_ attempt: RunningAttempt) {
        let now = Uptime.now
        attempt.closeAll()
        attempts[attempt.token] = nil
        tokens[attempt.ref] = nil
        for chunk in attempt.publisher.finish(now: now) { sink.output(chunk, of: attempt.order) }
        let outcome = attempt.lifecycle.outcome(exitCode: attempt.exitCode, signal: attempt.signal)
        let progress =
            outcome == .completed ? TaskProgress(percent: 100, phase: "done") : attempt.progress(now: now)
        sink.progress(attempt.progressEvent(progress), of: attempt.order)
        report(attempt.order, .finished, progress, outcome, attempt.result(now: now))
        workDirectory.remove(attempt.directory)
        ended.append(attempt.ref)
    }

    private func report(
        _ order: AttemptOrder, _ kind: RunnerReport.Kind, _ progress: TaskProgress, _ outcome: AttemptOutcome?,
        _ result: AttemptResult
    ) {
        sink.report(
            RunnerReport(
                ref: order.ref, runner: settings.runner, incarnation: settings.incarnation, kind: kind,
                progress: progress, outcome: outcome, result: result, at: .now), of: order)
    }
}
