/// A question to a human, bound to one task and one act.
public struct Confirmation: Hashable, Sendable {
    /// Where it stands.
    public enum Status: String, Sendable, CaseIterable {
        case pending, approved, rejected, expired
        /// The task was cancelled meanwhile.
        case withdrawn
    }

    /// What happens to the task on reject or expiry.
    public enum Fallback: String, Sendable, CaseIterable {
        case cancel, fail
    }

    /// One decision that counted.
    public struct Decision: Hashable, Sendable {
        public let verdict: Verdict
        public let actor: String
        public let reason: String?
        public let decidedAt: Timestamp
        /// `nil` in what was written before it was kept.
        public let authority: DecisionAuthority?

        public init(
            verdict: Verdict, actor: String, reason: String?, decidedAt: Timestamp,
            authority: DecisionAuthority? = nil
        ) {
            self.verdict = verdict
            self.actor = actor
            self.reason = reason
            self.decidedAt = decidedAt
            self.authority = authority
        }
    }

    /// Who may decide.
    public struct Approvers: Hashable, Sendable {
        /// Roles of the token (`auth.kafka: signed`), one of which is needed.
        public var roles: [String]
        public var users: [String]

        public init(roles: [String] = [], users: [String] = []) {
            self.roles = roles
            self.users = users
        }

        /// Nobody is named: who may write decisions may decide.
        public var isAnybody: Bool { roles.isEmpty && users.isEmpty }
    }

    /// A further notification while nobody has decided.
    public struct Notice: Hashable, Sendable {
        public let at: Timestamp
        /// Where it goes beside the task's own channels.
        public let channels: [String]
        /// It goes out once, whoever owns the task by then.
        public var isSent: Bool

        public init(at: Timestamp, channels: [String] = [], isSent: Bool = false) {
            self.at = at
            self.channels = channels
            self.isSent = isSent
        }
    }

    public let id: String
    /// The gate's name; `manual` for the question before the first start.
    public let gate: String
    /// What will be done, as shown to the approver.
    public let action: JSONValue
    /// SHA-256 over gate and action, in hexadecimal.
    public let fingerprint: String
    public let requestedAt: Timestamp
    public let expiresAt: Timestamp
    public let requiredApprovals: Int
    public let allowsRequester: Bool
    public let onReject: Fallback
    public let onExpiry: Fallback
    public let approvers: Approvers
    public var reminder: Notice?
    public var escalation: Notice?
    public var status: Status
    public var decisions: [Decision]
    /// The attempt that waits for the answer; `nil` for a question that is asked before a start.
    public var asker: Asker?
    /// What an approver must know beside the act: an earlier approval of it whose outcome nobody knows.
    public var warning: String?
    /// The hash of what stands before it in the task's history, once it stands there itself.
    public var previousHash: String?
    /// When an approval was used. Of a question that an attempt asks each is good for one use.
    public var use: Use?

    public init(
        id: String, gate: String, action: JSONValue, fingerprint: String, requestedAt: Timestamp,
        expiresAt: Timestamp, requiredApprovals: Int = 1, allowsRequester: Bool = false,
        onReject: Fallback = .cancel, onExpiry: Fallback = .cancel, approvers: Approvers = Approvers(),
        reminder: Notice? = nil, escalation: Notice? = nil
    ) {
        self.id = id
        self.gate = gate
        self.action = action
        self.fingerprint = fingerprint
        self.requestedAt = requestedAt
        self.expiresAt = expiresAt
        self.requiredApprovals = requiredApprovals
        self.allowsRequester = allowsRequester
        self.onReject = onReject
        self.onExpiry = onExpiry
        self.approvers = approvers
        self.reminder = reminder
        self.escalation = escalation
        status = .pending
        decisions = []
    }
}
