internal import Gates
internal import TaskModel

extension GateDefinition {
    /// A question by the rules of this gate, asked now.
    func confirmation(id: String, action: JSONValue, now: Timestamp) -> Confirmation {
        Confirmation(
            id: id, gate: name, action: action, fingerprint: Confirmation.fingerprint(gate: name, action: action),
            requestedAt: now, expiresAt: now.adding(seconds: Int64(decisionSeconds)),
            requiredApprovals: requiredApprovals, allowsRequester: allowsRequester, onReject: onReject,
            onExpiry: onExpiry, approvers: approvers,
            reminder: reminderSeconds.map { Confirmation.Notice(at: now.adding(seconds: Int64($0))) },
            escalation: escalation.map {
                Confirmation.Notice(at: now.adding(seconds: Int64($0.afterSeconds)), channels: $0.notify)
            })
    }
}

extension Confirmation {
    /// What a no does to the task.
    var fallback: Fallback { status == .expired ? onExpiry : onReject }

    /// When something is due while nobody decides.
    var nextMoment: Timestamp {
        [reminder, escalation].compactMap { $0 }.filter { !$0.isSent }.map(\.at).reduce(expiresAt, min)
    }
}
