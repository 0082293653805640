internal import Foundation
internal import GRDB
public import TaskModel

extension TaskCache {
    /// Forgets tasks that ended before `moment`, at most `limit` of them, and takes them out of the statistics. A
    /// rebuilt cache has them again until this is called. A forgotten task is unknown to actions, and a request with
    /// its id is a new one.
    ///
    /// - Returns: how many were forgotten.
    @discardableResult
    public func prune(endedBefore moment: Timestamp, limit: Int = 1000) throws -> Int {
        try database.write { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT \(TaskRow.columns), task_id FROM tasks WHERE NOT is_active AND updated_at < ? LIMIT ?",
                arguments: [moment.milliseconds, limit])
            var stats = StatsDelta()
            var usage = UsageDelta()
            for row in rows {
                let task = TaskRow(row)
                stats.change(from: task, to: nil)
                guard let id = TaskID(row["task_id"]) else { continue }
                if task.hasUsage { try usage.replace(id, with: [], hasRows: true, in: database) }
                try TaskRemoval.remove(id, database)
            }
            try stats.write(to: database)
            try usage.write(to: database)
            return rows.count
        }
    }
}

/// Taking a task out of every table that knows of it, but for the statistics and what was used.
enum TaskRemoval {
    /// A contentless search index wants the old texts back before it forgets a row.
    static func remove(_ id: TaskID, _ database: Database) throws {
        guard
            let row = try Row.fetchOne(
                database, sql: "SELECT id, snapshot FROM tasks WHERE task_id = ?", arguments: [id.text])
        else { return }
        let rowID: Int64 = row[0]
        if let snapshot = try? TaskSnapshot(json: Array(row[1] as Data)), let request = try? snapshot.spec.request() {
            try database.execute(
                sql: "INSERT INTO search (search, rowid, name, description, command) VALUES ('delete', ?, ?, ?, ?)",
                arguments: [rowID, request.name, request.description ?? "", request.command])
        }
        try database.execute(sql: "DELETE FROM tasks WHERE id = ?", arguments: [rowID])
        try database.execute(sql: "DELETE FROM output WHERE task_id = ?", arguments: [id.text])
    }
}
