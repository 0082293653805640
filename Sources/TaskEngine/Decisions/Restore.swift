public import TaskModel

/// Taking a partition over.
extension PartitionEngine {
    /// Takes in the active tasks of the partition, as the log had them at the barrier.
    ///
    /// - Parameter running: the attempts that this instance's runner really has. One that the log says runs here under
    ///   another incarnation died with its process and is lost at once; under this one it was never started.
    /// - Parameter ended: attempts of this instance's runner whose end no snapshot tells yet. Their reports are on the way,
    ///   and a decision may come before them: it is for the next attempt.
    public mutating func restore(
        _ snapshots: [TaskSnapshot], running: Set<AttemptRef>, ended: Set<AttemptRef>, now: Timestamp
    ) -> [Effect] {
        effects.removeAll(keepingCapacity: true)
        for snapshot in snapshots.sorted(by: { ($0.state.createdAt, $0.id) < ($1.state.createdAt, $1.id) }) {
            insert(snapshot, now: now)
            resume(snapshot, running: running, ended: ended, now: now)
        }
        raiseAlerts(now: now)
        return effects
    }

    /// Takes in one task that the cache holds and the engine does not (one that has ended).
    public mutating func admit(_ snapshot: TaskSnapshot, now: Timestamp) {
        guard !tasks.contains(snapshot.id) else { return }
        insert(snapshot, now: now)
        if snapshot.state.status.isTerminal { admitted[snapshot.id] = snapshot.order }
    }

    private mutating func insert(_ snapshot: TaskSnapshot, now: Timestamp) {
        lastSequence += 1
        tasks.insert(TaskTable.Entry(snapshot: snapshot, sequence: lastSequence, publishedAt: now))
        if snapshot.state.isAttemptAlive, let key = snapshot.spec.concurrencyKey {
            keys.take(key, by: snapshot.id)
        }
    }

    private mutating func resume(
        _ snapshot: TaskSnapshot, running: Set<AttemptRef>, ended: Set<AttemptRef>, now: Timestamp
    ) {
        let id = snapshot.id
        switch snapshot.state.status {
        // Its owner died between the snapshot that accepted it and the one that asks.
        case .pending where snapshot.state.needsApproval: ask(id, now: now)
        case .pending: schedule(id, now: now)
        case .waitingConfirmation where snapshot.state.isApprovedAndWaits: schedule(id, now: now)
        case .waitingConfirmation where !snapshot.state.isAttemptAlive: wake(id)
        case .waitingConfirmation, .running: resumeRunning(snapshot, running: running, ended: ended, now: now)
        case .completed, .failed, .cancelled: break
        }
    }

    private mutating func resumeRunning(
        _ snapshot: TaskSnapshot, running: Set<AttemptRef>, ended: Set<AttemptRef>, now: Timestamp
    ) {
        guard let lease = snapshot.state.lease else {
            finish(snapshot.id, .lost, AttemptResult(error: "Nobody runs the attempt."), now: now)
            return
        }
        guard lease.runner == configuration.runner else {
            grantLease(snapshot.id, now: now)
            return
        }
        let ref = AttemptRef(taskID: snapshot.id, attempt: lease.attempt)
        if lease.incarnation == configuration.incarnation {
            let hasEnded = ended.contains(ref)
            if !running.contains(ref), !hasEnded {
                // This process knows all that it runs: the commit that announced the attempt ended in doubt.
                finish(
                    snapshot.id, .interrupted, AttemptResult(error: "The attempt was announced and never started."),
                    now: now)
                return
            }
            tasks.update(snapshot.id) { $0.isLeaving = hasEnded }
            wake(snapshot.id)
            guard snapshot.state.isCancelRequested else { return }
            if snapshot.state.refusal != nil { for answer in snapshot.state.answers { tell(snapshot.id, answer) } }
            effects.append(.stop(ref, .cancelled))
        } else {
            finish(
                snapshot.id, .lost, AttemptResult(error: "The runner \(lease.runner) died and was started again."),
                now: now)
        }
    }
}
