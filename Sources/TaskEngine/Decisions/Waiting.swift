internal import TaskModel

/// What is due while a question is open: a reminder, an escalation, the end of its time. All of it follows from the
/// snapshot, so it happens once, whoever owns the task by then.
extension PartitionEngine {
    mutating func attend(_ id: TaskID, now: Timestamp) {
        guard let confirmation = tasks.snapshot(of: id)?.state.confirmation else { return }
        guard now < confirmation.expiresAt else {
            expire(id, now: now)
            return
        }
        remind(id, \.reminder, .confirmationReminder, "Approval still needed", now: now)
        remind(id, \.escalation, .confirmationEscalated, "Approval overdue", now: now)
    }

    private mutating func remind(
        _ id: TaskID, _ part: WritableKeyPath<Confirmation, Confirmation.Notice?>, _ kind: Notification.Kind,
        _ title: String, now: Timestamp
    ) {
        guard let confirmation = tasks.snapshot(of: id)?.state.confirmation, let notice = confirmation[keyPath: part],
            !notice.isSent, now >= notice.at
        else { return }
        transition(id, now: now) { $0.confirmation?[keyPath: part]?.isSent = true }
        notify(
            kind, id, title: title,
            content: "Nobody has decided since \(confirmation.requestedAt); at \(confirmation.expiresAt) "
                + "the answer is no: \(confirmation.gate)",
            confirmation: tasks.snapshot(of: id)?.state.confirmation, channels: notice.channels, now: now)
    }
}
