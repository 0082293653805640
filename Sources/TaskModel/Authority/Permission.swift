/// What somebody may be allowed to do, by the contract's names.
public enum Permission: String, Sendable, CaseIterable {
    case readTasks = "task:read"
    case writeTasks = "task:write"
    case deleteTasks = "task:delete"
    case executeTasks = "task:execute"
    case manageTasks = "task:manage"
    case readNotifications = "notification:read"
    case writeNotifications = "notification:write"
    case manageNotifications = "notification:manage"
}

extension InboundMessage {
    /// What its sender needs; `nil` for reports, which come from other instances and carry no token.
    public var permission: Permission? {
        switch self {
        case .request: .writeTasks
        case .action, .decision: .executeTasks
        case .report: nil
        }
    }
}
