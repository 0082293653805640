internal import Gates
internal import TaskModel

/// By what rules a question is decided.
struct GateTerms {
    var requiredApprovals = 1
    var approvers = Confirmation.Approvers()
    var allowsRequester: Bool
    /// Seconds to decide.
    var decisionSeconds: Int
    var onReject = Confirmation.Fallback.cancel
    var onExpiry = Confirmation.Fallback.cancel
    /// Seconds after which the task's channels are reminded.
    var reminderSeconds: Int?
    /// Seconds after which others are told, and where.
    var escalation: (seconds: Int, channels: [String])?

    /// A question by these rules, asked now.
    func confirmation(id: String, gate: String, action: JSONValue, now: Timestamp) -> Confirmation {
        Confirmation(
            id: id, gate: gate, action: action, fingerprint: Confirmation.fingerprint(gate: gate, action: action),
            requestedAt: now, expiresAt: now.adding(seconds: Int64(decisionSeconds)),
            requiredApprovals: requiredApprovals, allowsRequester: allowsRequester, onReject: onReject,
            onExpiry: onExpiry, approvers: approvers,
            reminder: reminderSeconds.map { Confirmation.Notice(at: now.adding(seconds: Int64($0))) },
            escalation: escalation.map {
                Confirmation.Notice(at: now.adding(seconds: Int64($0.seconds)), channels: $0.channels)
            })
    }
}

extension Confirmation {
    /// When something is due while nobody decides.
    var nextMoment: Timestamp {
        [reminder, escalation].compactMap { $0 }.filter { !$0.isSent }.map(\.at).reduce(expiresAt, min)
    }
}

extension GateTerms {
    init(_ gate: GateDefinition) {
        self.init(
            requiredApprovals: gate.requiredApprovals,
            approvers: gate.approvers, allowsRequester: gate.allowsRequester, decisionSeconds: gate.decisionSeconds,
            onReject: gate.onReject,
            onExpiry: gate.onExpiry, reminderSeconds: gate.reminderSeconds,
            escalation: gate.escalation.map { ($0.afterSeconds, $0.notify) })
    }
}
