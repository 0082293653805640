public import TaskCache
public import TaskModel

/// What the server reads. Every answer is JSON as it goes out, so that HTTP and the command line cannot differ. The calls
/// may block; the server makes them on threads of their own. What they throw reaches the log, never a client.
public protocol TaskReads: Sendable {
    /// A page of tasks: `{items, total, page, limit, pages}`.
    func list(_ query: ListQuery) throws -> [UInt8]
    /// One snapshot; `nil` for an unknown task.
    func task(_ id: TaskID) throws -> [UInt8]?
    /// A page of the tasks that have the words of `text`, `limit` at most.
    func search(_ text: String, limit: Int) throws -> [UInt8]
    /// The stats as they stand at `now`, of one project or of all.
    func stats(projectID: Int64?, now: Timestamp) throws -> [UInt8]
    /// What the latest attempt printed, as JSON; `nil` for an unknown task.
    func output(_ id: TaskID) throws -> [UInt8]?
    /// The same as plain text.
    func outputText(_ id: TaskID) throws -> String?
    /// The latest notifications, newest first: `{items}`.
    func notifications(limit: Int) throws -> [UInt8]
}

extension TaskCache: TaskReads {}
