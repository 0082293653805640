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
            case .waitingConfirmation where entry.snapshot.state.confirmation == nil: schedule(timer.id, now: now)
            case .waitingConfirmation: attend(timer.id, now: now)
            case .running:
                if isSilenceProven(since: entry.leaseDeadline) {
                    finish(timer.id, .lost, AttemptResult(error: "The runner fell silent."), now: now)
                } else {
                    deferred.append(timer)
                }
            case .completed, .failed, .cancelled: break
            }
        }
        for timer in deferred { timers.insert(timer) }
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
        return entry.snapshot.state.status == .running && entry.ticket == first.ticket
    }
}
