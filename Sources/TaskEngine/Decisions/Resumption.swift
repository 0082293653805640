internal import TaskModel

/// What the agent of a new attempt is told of the one before it. Only ends that are not the task's fault leave a session.
extension TaskState {
    /// - Returns: `nil` where the agent begins anew.
    var resumption: AgentResumption? {
        guard let session, let last = attempts.last else { return nil }
        // What it asked, and was told of, it did not wait for any more.
        let hasAsked = confirmations.contains {
            $0.asker?.attempt == last.attempt && $0.use?.by.attempt != last.attempt
        }
        var sentences = [Self.sentence(last, hasAsked: hasAsked)]
        for confirmation in confirmations where isOpenGrant(confirmation) {
            sentences.append(
                "Meanwhile it was approved: \(Self.shown(confirmation)). Do it again now, exactly as before; nobody has to "
                    + "be asked again.")
        }
        if let doubtful = confirmations.last(where: { $0.use?.by.attempt == last.attempt && $0.use?.act == nil }) {
            sentences.append(
                "It was approved, and it is not known whether it was done: \(Self.shown(doubtful)). Look before you do it "
                    + "again.")
        }
        sentences.append("Go on where you were; do not start over.")
        return AgentResumption(session: session, note: sentences.joined(separator: " "))
    }

    /// An approval that no attempt has used yet.
    private func isOpenGrant(_ confirmation: Confirmation) -> Bool {
        confirmation.status == .approved && confirmation.asker != nil && confirmation.use == nil
            && confirmation.requestedAt >= startedAt ?? createdAt
    }

    private static func sentence(_ last: AttemptRecord, hasAsked: Bool) -> String {
        switch last.outcome {
        case .lost: "The service that ran you went down in the middle of your work."
        case .interrupted where hasAsked: "You were stopped while you waited for a decision."
        case .interrupted: "You were stopped because the service was shut down."
        default: "Your model could not be used for a while."
        }
    }

    /// The act in one line: its command, or what else is known of it.
    private static func shown(_ confirmation: Confirmation) -> String {
        let words = confirmation.action.objectValue?["argv"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let text = words.isEmpty ? confirmation.gate : words.joined(separator: " ")
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(300)))
    }
}
