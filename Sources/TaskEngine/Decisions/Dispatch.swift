internal import TaskModel

/// Which task starts when.
extension PartitionEngine {
    /// Puts a task into the queue, or sets the timer that will.
    mutating func schedule(_ id: TaskID, now: Timestamp) {
        guard let entry = tasks[id] else { return }
        let readyAt = entry.snapshot.readyAt
        guard readyAt <= now else {
            setTimer(id, at: readyAt)
            return
        }
        let level = Int64(entry.snapshot.spec.priority.level)
        let rank = QueueRank(
            virtualTime: readyAt.milliseconds - level * Int64(configuration.ageingSeconds) * 1000,
            sequence: entry.sequence)
        ready.insert(
            ReadyQueue.Entry(
                rank: rank, id: id, key: entry.snapshot.spec.concurrencyKey, ticket: newTicket(for: id)))
    }

    /// Wakes the task at `deadline`; its earlier timers and queue entries are void.
    mutating func setTimer(_ id: TaskID, at deadline: Timestamp) {
        timers.insert(TimerQueue.Entry(deadline: deadline, id: id, ticket: newTicket(for: id)))
    }

    /// Starts up to `count` tasks, best first.
    mutating func startReady(_ count: Int, now: Timestamp) {
        var remaining = count
        while remaining > 0, let entry = ready.popFirst() {
            guard tasks.ticket(of: entry.id) == entry.ticket, tasks.snapshot(of: entry.id)?.isStartable == true else {
                // A waiter that is gone must not keep its key from the next.
                if let key = entry.key { keys.passOn(key, into: &ready) }
                continue
            }
            if configuration.rules.contains(.concurrencyKey), let key = entry.key {
                guard keys.isFree(key, for: entry.id) else {
                    keys.wait(for: key, entry)
                    continue
                }
                guard mayStart(entry.id, now: now) else {
                    keys.passOn(key, into: &ready)
                    continue
                }
                keys.take(key, by: entry.id)
            } else if !mayStart(entry.id, now: now) {
                continue
            }
            launch(entry.id, now: now)
            remaining -= 1
        }
        skipVoid()
    }

    /// Drops void entries from the head, so that `headRank` is the rank of a task that can start.
    private mutating func skipVoid() {
        while let first = ready.first, tasks.ticket(of: first.id) != first.ticket {
            _ = ready.popFirst()
            if let key = first.key { keys.passOn(key, into: &ready) }
        }
    }

    /// Another attempt stands in the history.
    static func begin(_ state: inout TaskState, runner: String, now: Timestamp) {
        state.status = .running
        state.attempt += 1
        state.startedAt = state.startedAt ?? now
        state.nextAttemptAt = nil
        state.progress = TaskProgress(percent: 0, phase: "starting")
        state.attempts.append(AttemptRecord(attempt: state.attempt, runner: runner, startedAt: now))
        if state.attempts.count > attemptsLimit { state.attempts.removeFirst() }
    }

    private mutating func launch(_ id: TaskID, now: Timestamp) {
        let configuration = configuration
        _ = newTicket(for: id)
        let before = tasks.snapshot(of: id)?.state
        let resumption = before?.resumption
        transition(id, now: now) {
            Self.begin(&$0, runner: configuration.runner, now: now)
            $0.result = AttemptResult()
            $0.recoveredBy = nil
            if resumption == nil { $0.plan = [] }
            $0.lease = Lease(
                runner: configuration.runner, incarnation: configuration.incarnation, attempt: $0.attempt,
                seconds: configuration.leaseSeconds)
        }
        guard let snapshot = tasks.snapshot(of: id) else { return }
        var order = AttemptOrder(
            ref: AttemptRef(taskID: id, attempt: snapshot.state.attempt), spec: snapshot.spec, partition: partition,
            timeoutSeconds: snapshot.spec.timeoutSeconds ?? configuration.defaultTimeoutSeconds,
            leaseSeconds: configuration.leaseSeconds, traceparent: snapshot.state.traceparent)
        order.resumption = resumption
        order.usedBefore = before?.usage ?? TokenUsage()
        if configuration.startsAfterEcho {
            let order = order
            tasks.update(id) { $0.pendingStart = order }
        } else {
            effects.append(.start(order))
        }
    }

    /// Attempts that a snapshot remembers. Retries are at most 10 and losses 3 in a row; only a long row of
    /// interruptions gets here.
    static let attemptsLimit = 50
}

extension TaskSnapshot {
    /// Whether an attempt may start: pending, or approved and waiting for its slot.
    var isStartable: Bool {
        !state.needsApproval
            && (state.status == .pending || state.isApprovedAndWaits)
    }
}
