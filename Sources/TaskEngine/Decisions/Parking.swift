internal import TaskModel

/// An attempt that waits long for a decision, and whose agent can take up its session later, is stopped: waiting then costs
/// the price of a record. Only the instance that runs it does so; one that runs elsewhere goes on waiting.
extension PartitionEngine {
    /// When the attempt of a task is to be stopped; `nil` where it is not.
    func parkingMoment(of entry: TaskTable.Entry) -> Timestamp? {
        let state = entry.snapshot.state
        guard state.session != nil, state.status == .waitingConfirmation, !state.isCancelRequested,
            !entry.isLeaving, entry.snapshot.isRun(by: configuration), let confirmation = state.confirmation,
            confirmation.asker != nil
        else { return nil }
        return confirmation.requestedAt.adding(seconds: Int64(configuration.parkAfterSeconds))
    }

    /// Stops the attempt once its time has come. What is decided from here on is for the next one: this one is not told.
    mutating func park(_ id: TaskID, now: Timestamp) {
        guard let entry = tasks[id], let moment = parkingMoment(of: entry), moment <= now else { return }
        tasks.update(id) { $0.isLeaving = true }
        stopHere(entry.snapshot, .parked)
    }
}
