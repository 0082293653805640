internal import GRDB
public import TaskModel

/// What the budgets of days ask.
extension TaskCache {
    /// What attempts that began on `day` or later have used, at most `limit` of them.
    public func usage(since day: UTCDay, limit: Int = 50_000) throws -> [AttemptUsage] {
        try database.read { database in
            try Row.fetchAll(
                database, sql: "SELECT \(AttemptUsage.columns) FROM usage WHERE day >= ? ORDER BY day DESC LIMIT ?",
                arguments: [day.number, limit]
            ).compactMap(AttemptUsage.init)
        }
    }
}
