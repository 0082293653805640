/// Who goes first when slots are short.
public enum TaskPriority: String, Sendable, CaseIterable, Comparable {
    case low, medium, high, urgent

    /// 0 (low) – 3 (urgent).
    public var level: Int {
        switch self {
        case .low: 0
        case .medium: 1
        case .high: 2
        case .urgent: 3
        }
    }

    public static func < (left: TaskPriority, right: TaskPriority) -> Bool { left.level < right.level }
}

/// When a task asks a human.
public enum ApprovalPolicy: String, Sendable, CaseIterable {
    /// Never asks; a gate that is hit is recorded.
    case auto
    /// Asks before the first attempt starts.
    case manual
    /// Asks when one of the task's gates is hit.
    case autoWithGates = "auto_with_gates"
}

/// What a user can do to a task.
public enum TaskVerb: String, Sendable, CaseIterable {
    case start, cancel, confirm, retry
}

/// Where a task stands.
public enum TaskStatus: String, Sendable, CaseIterable {
    case pending, running
    case waitingConfirmation = "waiting_confirmation"
    case completed, failed, cancelled

    /// Whether the task has ended (a `retry` can still revive `failed` and `cancelled`).
    public var isTerminal: Bool {
        switch self {
        case .completed, .failed, .cancelled: true
        case .pending, .running, .waitingConfirmation: false
        }
    }

    /// The transitions of the contract. Staying in a state is legal (progress, history).
    public func canBecome(_ next: TaskStatus) -> Bool {
        switch (self, next) {
        case _ where self == next: true
        case (.pending, .running), (.pending, .waitingConfirmation), (.pending, .cancelled): true
        case (.running, .waitingConfirmation), (.running, .completed), (.running, .failed), (.running, .cancelled),
            (.running, .pending):
            true
        case (.waitingConfirmation, .running), (.waitingConfirmation, .cancelled), (.waitingConfirmation, .failed): true
        case (.failed, .pending), (.cancelled, .pending): true
        default: false
        }
    }
}

/// What an approver says.
public enum Verdict: String, Sendable, CaseIterable {
    case approve, reject
}
