public import TaskModel

/// What is due when time has passed.
extension PartitionEngine {
    mutating func advance(to now: Timestamp) {
        // A lease that is due but not yet provable goes back into the queue after the loop, or it would not end.
        var deferred: [TimerQueue.Entry] = []
        while let timer = timers.popDue(at: now) {
            guard let entry = tasks[timer.id], entry.ticket == timer.ticket else { continue }
            switch entry.snapshot.state.status {
            case .pending: schedule(timer.id, now: now)
            case .waitingConfirmation where entry.snapshot.state.isApprovedAndWaits: schedule(timer.id, now: now)
            case .waitingConfirmation, .running:
                if let again = watch(timer.id, now: now) { deferred.append(again) }
            case .completed, .failed, .cancelled: break
            }
        }
        for timer in deferred { timers.insert(timer) }
    }

    /// A lease that may have run out, a question that may be due, or both.
    ///
    /// - Returns: a timer for a lease that is due but not yet provable.
    private mutating func watch(_ id: TaskID, now: Timestamp) -> TimerQueue.Entry? {
        if let entry = tasks[id], entry.isLeaseDue(now), isSilenceProven(since: entry.leaseDeadline) {
            finish(id, .lost, AttemptResult(error: "The runner fell silent."), now: now)
            return nil
        }
        attend(id, now: now)
        park(id, now: now)
        guard let entry = tasks[id], !entry.snapshot.state.status.isTerminal else { return nil }
        guard entry.isLeaseDue(now), let deadline = entry.leaseDeadline else {
            wake(id)
            return nil
        }
        return TimerQueue.Entry(deadline: deadline, id: id, ticket: newTicket(for: id))
    }

    /// Sets the one timer of a task that runs or asks: for the end of its lease or of its question, whichever is first.
    mutating func wake(_ id: TaskID) {
        guard let entry = tasks[id] else { return }
        let moments = [
            entry.leaseDeadline, entry.snapshot.state.confirmation?.nextMoment, parkingMoment(of: entry),
        ].compactMap { $0 }
        if let next = moments.min() {
            setTimer(id, at: next)
        } else {
            _ = newTicket(for: id)
        }
    }

    /// Whether all reports that could have renewed the lease have been read.
    private func isSilenceProven(since deadline: Timestamp?) -> Bool {
        guard configuration.rules.contains(.reportsHorizon) else { return true }
        guard let deadline, let reportsHorizon else { return false }
        return deadline <= reportsHorizon
    }

    /// Whether a lease seems to have run out: the shell then reads the reports topic to its end and says so.
    public func hasDueLeases(now: Timestamp) -> Bool {
        guard let first = timers.first, first.deadline <= now, let entry = tasks[first.id] else { return false }
        return entry.isLeaseDue(now) && entry.ticket == first.ticket
    }
}

extension TaskTable.Entry {
    func isLeaseDue(_ now: Timestamp) -> Bool {
        leaseDeadline.map { $0 <= now } ?? false
    }
}

extension TaskState {
    /// All has been agreed to, and no attempt runs yet: it waits for its time and a slot.
    var isApprovedAndWaits: Bool {
        status == .waitingConfirmation && confirmation == nil && !isAttemptAlive
    }
}
