internal import TaskModel

/// What runners say, and what follows from how an attempt ended.
extension PartitionEngine {
    mutating func take(_ report: RunnerReport, now: Timestamp) {
        let id = report.ref.taskID
        if report.kind == .acted {
            takeAct(report, now: now)
            return
        }
        guard let entry = tasks[id], let lease = entry.snapshot.state.lease, isCurrent(report, lease) else {
            effects.append(.note(.staleReport(report.ref)))
            return
        }
        switch report.kind {
        case .heartbeat: renew(entry, report, now: now)
        case .finished:
            if report.lacksSandbox { effects.append(.note(.sandboxUnavailable(report.ref, runner: report.runner))) }
            note(report.agent, report.failure, of: id)
            finish(id, report.outcome ?? .failed, report.result, report.failure, now: now)
        case .question:
            // Whoever decides shall see how far it is.
            renew(entry, report, isUrgent: entry.snapshot.state.status == .running, now: now)
            take(report.question, of: report.ref, now: now)
        case .acted: break
        }
    }

    private func isCurrent(_ report: RunnerReport, _ lease: Lease) -> Bool {
        guard configuration.rules.contains(.reportFencing) else { return true }
        return lease.attempt == report.ref.attempt && lease.runner == report.runner
            && lease.incarnation == report.incarnation
    }

    private mutating func renew(
        _ entry: TaskTable.Entry, _ report: RunnerReport, isUrgent: Bool = false, now: Timestamp
    ) {
        let id = report.ref.taskID
        if entry.leaseDeadline != nil { grantLease(id, now: now) }
        let known = entry.snapshot.state
        var told = known
        let hasNews = report.agent.map { Self.take($0, into: &told) } ?? false
        if report.progress.percent > known.progress.percent || report.progress.phase != known.progress.phase {
            told.progress = TaskProgress(
                percent: max(known.progress.percent, report.progress.percent), phase: report.progress.phase)
        }
        let isDue = now.milliseconds(since: entry.publishedAt) >= configuration.progressIntervalMilliseconds
        guard isUrgent && report.agent != nil || hasNews || isDue, told != known else { return }
        let state = told
        transition(id, now: now) { $0 = state }
        // With a session it can be parked.
        if report.agent != nil { wake(id) }
    }

    /// Counts a foreign runner's lease from now on.
    mutating func grantLease(_ id: TaskID, now: Timestamp) {
        guard let lease = tasks.snapshot(of: id)?.state.lease else { return }
        // Without the rule the owner does not wait at all.
        let margin = configuration.rules.contains(.leaseMargin) ? configuration.leaseMarginSeconds : -lease.seconds
        let deadline = now.adding(seconds: Int64(lease.seconds + margin))
        tasks.update(id) { $0.leaseDeadline = deadline }
        wake(id)
    }

    /// The attempt ended; the task ends or goes on.
    ///
    /// - Parameter failure: what it calls for, where its runner knows.
    mutating func finish(
        _ id: TaskID, _ outcome: AttemptOutcome, _ result: AttemptResult, _ failure: AttemptFailure? = nil,
        now: Timestamp
    ) {
        guard var snapshot = tasks.snapshot(of: id) else { return }
        effects.append(.note(.finished(AttemptRef(taskID: id, attempt: snapshot.state.attempt), outcome)))
        if snapshot.state.status == .waitingConfirmation {
            if finishWaiting(id, outcome, result, now: now) { return }
            snapshot = tasks.snapshot(of: id) ?? snapshot
        }
        let state = snapshot.state
        let record = { (state: inout TaskState) in Self.record(outcome, result, in: &state, now: now) }
        switch outcome {
        case .completed:
            end(id, .completed, now: now) {
                record(&$0)
                $0.progress = TaskProgress(percent: 100, phase: "done")
            }
        case _ where state.isCancelRequested: end(id, .cancelled, now: now, record)
        case .failed where failure?.cause == .final: end(id, .failed, now: now, record)
        case .failed where failure?.cause == .transient && state.transientFailures < configuration.maxTransientFailures:
            let told = min(failure?.retryAfterMilliseconds ?? 0, Self.longestRetryAfter)
            let delay = max(configuration.backoff.delay(before: state.transientFailures + 1, of: id), told)
            again(id, at: now.adding(milliseconds: delay), now: now) {
                record(&$0)
                $0.transientFailures += 1
            }
        case .failed, .timedOut, .cancelled:
            guard state.retriesUsed < snapshot.spec.maxRetries ?? configuration.defaultMaxRetries else {
                end(id, .failed, now: now, record)
                return
            }
            let delay = configuration.backoff.delay(before: state.retriesUsed + 1, of: id)
            again(id, at: now.adding(milliseconds: delay), now: now) {
                record(&$0)
                $0.retriesUsed += 1
                $0.lostAttempts = 0
                $0.transientFailures = 0
                // What the agent had come to failed: the next attempt begins anew.
                $0.session = nil
            }
        case .interrupted: again(id, at: now, now: now, record)
        case .lost:
            effects.append(.note(.lost(AttemptRef(taskID: id, attempt: state.attempt))))
            guard state.lostAttempts < configuration.maxLostAttempts else {
                end(id, .failed, now: now) {
                    record(&$0)
                    $0.result.error =
                        "The attempt was lost \(state.lostAttempts + 1) times: its runner fell silent or died."
                }
                return
            }
            again(id, at: now, now: now) {
                record(&$0)
                $0.lostAttempts += 1
            }
        }
    }

    /// The longest delay that a model's server can ask for, in milliseconds: an hour.
    private static let longestRetryAfter: Int64 = 3_600_000

    /// Closes the latest entry of the attempts' history.
    static func record(
        _ outcome: AttemptOutcome, _ result: AttemptResult, in state: inout TaskState, now: Timestamp
    ) {
        state.result = result
        // What an attempt used stands in its record alone.
        state.result.peakMemoryBytes = nil
        state.result.cpuMilliseconds = nil
        state.result.refusedConnections = []
        state.lease = nil
        guard var attempt = state.attempts.popLast() else { return }
        attempt.finishedAt = now
        attempt.outcome = outcome
        attempt.exitCode = result.exitCode
        attempt.signal = result.signal
        attempt.error = result.error
        attempt.outputBytes = result.outputBytes
        attempt.peakMemoryBytes = result.peakMemoryBytes
        attempt.cpuMilliseconds = result.cpuMilliseconds
        attempt.refusedConnections = result.refusedConnections
        state.attempts.append(attempt)
    }

    /// Back to `pending`, for another attempt at `moment`.
    private mutating func again(
        _ id: TaskID, at moment: Timestamp, now: Timestamp, _ change: (inout TaskState) -> Void
    ) {
        dropAttempt(id)
        transition(id, now: now) {
            change(&$0)
            $0.status = .pending
            $0.progress = TaskProgress()
            $0.nextAttemptAt = moment
        }
        releaseKey(of: id)
        schedule(id, now: now)
    }

    /// The task is over. Its key is free, its timers are void.
    mutating func end(_ id: TaskID, _ status: TaskStatus, now: Timestamp, _ change: (inout TaskState) -> Void) {
        _ = newTicket(for: id)
        dropAttempt(id)
        let left = tasks.snapshot(of: id)?.state.earlyDecisions ?? []
        transition(id, now: now) {
            change(&$0)
            $0.earlyDecisions = []
            $0.status = status
            $0.lease = nil
            $0.nextAttemptAt = nil
            $0.completedAt = now
            $0.result.duration = $0.startedAt.map { max(0, now.milliseconds(since: $0)) }
            Self.withdraw(&$0, of: id)
        }
        releaseKey(of: id)
        announceEnd(of: id, now: now)
        for early in left { refuseUnasked(early, now: now) }
    }

    /// Nothing is expected of an attempt any more.
    mutating func dropAttempt(_ id: TaskID) {
        tasks.update(id) {
            $0.leaseDeadline = nil
            $0.pendingStart = nil
            $0.pendingAnswers = []
            $0.isLeaving = false
        }
    }

    mutating func releaseKey(of id: TaskID) {
        guard let key = tasks.snapshot(of: id)?.spec.concurrencyKey else { return }
        keys.release(key, by: id, into: &ready)
    }

    private mutating func announceEnd(of id: TaskID, now: Timestamp) {
        guard let state = tasks.snapshot(of: id)?.state else { return }
        switch state.status {
        case .completed:
            notify(.taskCompleted, id, title: "Task completed", content: "The task \(id) is completed.", now: now)
        case .failed:
            notify(
                .taskFailed, id, title: "Task failed",
                content: "The task \(id) failed: \(state.result.error ?? "no error was given").", now: now)
        default: break
        }
    }
}
