public import TaskModel

/// Which tasks to list, and how: the contract's parameters.
public struct ListQuery: Sendable, Hashable {
    public enum Sort: String, Sendable, CaseIterable {
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case priority, status, name
    }

    public enum Order: String, Sendable, CaseIterable {
        case ascending = "asc"
        case descending = "desc"
    }

    /// From 1.
    public var page = 1
    /// 1–100.
    public var limit = 10
    public var projectID: Int64?
    public var status: TaskStatus?
    public var priority: TaskPriority?
    /// Words to be found in name, description or command.
    public var search: String?
    public var createdBy: String?
    /// Accepted at or after.
    public var from: Timestamp?
    /// Accepted before.
    public var to: Timestamp?
    public var sort = Sort.createdAt
    public var order = Order.descending

    public init() {}
}
