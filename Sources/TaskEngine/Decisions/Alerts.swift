internal import TaskModel

/// What operators should learn of without reading the log.
extension PartitionEngine {
    static let lostCode = "attempt_lost"

    /// Adds the alerts that the effects so far call for.
    mutating func raiseAlerts(now: Timestamp) {
        for effect in effects {
            switch effect {
            case .deadLetter(let record, let violation):
                raise(
                    violation.reason.rawValue, "Record refused",
                    "\(record.topic) \(record.partition)/\(record.offset) is a dead letter, "
                        + "\(violation.reason.rawValue): \(violation.message)", now: now)
            case .note(.lost(let ref)):
                raise(
                    Self.lostCode, "Attempt lost",
                    "Attempt \(ref.attempt) of the task \(ref.taskID.text) was lost: its runner fell silent or died.",
                    now: now)
            case .note(.sandboxUnavailable(let ref, let runner)):
                raise(
                    SystemAlert.sandboxCode, "No sandbox",
                    "The runner \(runner) could make no sandbox for attempt \(ref.attempt) of the task "
                        + "\(ref.taskID.text). Try pandar doctor there.", now: now)
            default: break
            }
        }
    }

    private mutating func raise(_ code: String, _ title: String, _ content: String, now: Timestamp) {
        guard let alert = alerts.note(code, now: now) else { return }
        let others = alert.count > 1 ? " With it \(alert.count) since the last alert of this kind." : ""
        effects.append(
            .notify(
                Notification(
                    alert: "\(code)/\(partition)/\(alert.window)", title: title, content: content + others,
                    channels: configuration.alertChannels, createdAt: now)))
    }
}
