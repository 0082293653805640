public import TaskModel

/// What the server reads. Every answer is JSON as it goes out, so that HTTP and the command line cannot differ. The calls
/// may block; the server makes them on threads of their own.
public protocol TaskReads: Sendable {
    func list(_ query: ListQuery) throws -> [UInt8]
    func task(_ id: TaskID) throws -> [UInt8]?
    func search(_ text: String, limit: Int) throws -> [UInt8]
    func stats(projectID: Int64?) throws -> [UInt8]
    func output(_ id: TaskID) throws -> [UInt8]?
    func outputText(_ id: TaskID) throws -> String?
    func notifications(limit: Int) throws -> [UInt8]
}

public struct ListQuery: Sendable {
    public enum Sort: String, Sendable, CaseIterable { case created_at, updated_at, priority, status, name }
    public enum Order: String, Sendable, CaseIterable { case asc, desc }
    public var page = 1
    public var limit = 10
    public var projectID: Int64?
    public var status: TaskStatus?
    public var priority: TaskPriority?
    public var search: String?
    public var createdBy: String?
    public var from: Timestamp?
    public var to: Timestamp?
    public var sort = Sort.created_at
    public var order = Order.desc
    public init() {}
}
