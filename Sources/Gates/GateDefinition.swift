public import TaskModel

/// What a rejection or an expiry does to the task.
public typealias GateEnd = Confirmation.Fallback

/// A place where a human must decide: what hits it, who decides, and for how long. Plain data, as in the file.
public struct GateDefinition: Hashable, Sendable {
    /// Who may decide. With no roles and no users: anybody whom the topic lets decide.
    public typealias Approvers = Confirmation.Approvers

    /// Whom else to tell when nobody has decided for a while.
    public struct Escalation: Hashable, Sendable {
        /// Seconds after the question.
        public var afterSeconds: Int
        /// The channels that are told.
        public var notify: [String]

        public init(afterSeconds: Int, notify: [String]) {
            self.afterSeconds = afterSeconds
            self.notify = notify
        }
    }

    /// 1 to 60 characters of a-z, 0-9 and `_`.
    public var name: String
    /// One sentence for those who decide.
    public var description: String
    public var approvers: Approvers
    /// Whether who asked for the task may approve.
    public var allowsRequester: Bool
    /// Distinct approvers that are needed, 1 to 20.
    public var requiredApprovals: Int
    /// Seconds to decide, 1 to 2,592,000 (30 days).
    public var decisionSeconds: Int
    public var onReject: GateEnd
    public var onExpiry: GateEnd
    public var escalation: Escalation?
    /// Seconds after the question at which the task's channels are reminded.
    public var reminderSeconds: Int?
    public var triggers: [GateTrigger]

    public init(
        _ name: String, description: String, approvers: Approvers = Approvers(), allowsRequester: Bool = false,
        requiredApprovals: Int = 1, decisionSeconds: Int = 604_800, onReject: GateEnd = .cancel,
        onExpiry: GateEnd = .cancel, escalation: Escalation? = nil, reminderSeconds: Int? = nil,
        triggers: [GateTrigger]
    ) {
        self.name = name
        self.description = description
        self.approvers = approvers
        self.allowsRequester = allowsRequester
        self.requiredApprovals = requiredApprovals
        self.decisionSeconds = decisionSeconds
        self.onReject = onReject
        self.onExpiry = onExpiry
        self.escalation = escalation
        self.reminderSeconds = reminderSeconds
        self.triggers = triggers
    }

    /// Names that the service gives to its own questions.
    public static let reservedNames: Set<String> = ["manual", "command_policy"]
}
