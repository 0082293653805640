internal import Foundation
internal import GRDB
public import TaskModel

/// What attempts printed, and notifications: kept for a while, for reading only.
extension TaskCache {
    /// Bytes of output that are kept of one attempt, roughly.
    static let outputLimit = 262_144

    /// Keeps records of the output topic, of each attempt the last. A chunk that is known changes nothing.
    public func foldOutput(_ values: [[UInt8]]) throws {
        try database.write { try Self.keepOutput(values, $0) }
    }

    /// Forgets the beginning of an attempt's output beyond the limit.
    private static func trim(_ database: Database, id: String, attempt: Int64) throws {
        try database.execute(
            sql: """
                DELETE FROM output WHERE task_id = ?1 AND attempt = ?2 AND seq <= (
                    SELECT MAX(seq) FROM (
                        SELECT seq, SUM(LENGTH(CAST(text AS BLOB))) OVER (ORDER BY seq DESC) AS size
                        FROM output WHERE task_id = ?1 AND attempt = ?2)
                    WHERE size > ?3)
                """, arguments: [id, attempt, outputLimit])
    }

    /// Keeps records of the notifications topic.
    public func foldNotifications(_ values: [[UInt8]]) throws {
        try database.write { try Self.keepNotifications(values, $0) }
    }

    static func keepOutput(_ values: [[UInt8]], _ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT OR IGNORE INTO output (task_id, attempt, seq, stream, text, at) VALUES (?, ?, ?, ?, ?, ?)")
        var grown: Set<AttemptRef> = []
        for value in values {
            guard let object = try? JSONParser.parse(value).objectValue,
                let id = object["task_id"]?.stringValue.flatMap(TaskID.init),
                let attempt = object["attempt"]?.integerValue, let seq = object["seq"]?.integerValue
            else { continue }
            let text = object["text"]?.stringValue ?? ""
            let at = object["at"]?.stringValue.flatMap(Timestamp.init)?.milliseconds ?? 0
            try statement.execute(arguments: [
                id.text, attempt, seq, object["stream"]?.stringValue ?? "stdout", text, at,
            ])
            // Looked after now and then: small chunks come often.
            if seq % 16 == 0 || value.count > outputLimit / 32 {
                grown.insert(AttemptRef(taskID: id, attempt: Int(clamping: attempt)))
            }
        }
        for ref in grown { try trim(database, id: ref.taskID.text, attempt: Int64(ref.attempt)) }
    }

    static func keepNotifications(_ values: [[UInt8]], _ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO notifications (notification_id, task_id, created_at, json) VALUES (?, ?, ?, ?)
                """)
        for value in values {
            guard let object = try? JSONParser.parse(value).objectValue,
                let id = object["notification_id"]?.stringValue
            else { continue }
            let at = object["created_at"]?.stringValue.flatMap(Timestamp.init)?.milliseconds ?? 0
            try statement.execute(arguments: [id, object["task_id"]?.stringValue ?? "", at, value.databaseBlob])
        }
    }

    /// The output of a task's latest attempt that printed, oldest first; `nil` for an unknown task.
    public func outputText(_ id: TaskID) throws -> String? {
        try database.read { database in
            guard
                let snapshot = try Data.fetchOne(
                    database, sql: "SELECT snapshot FROM tasks WHERE task_id = ?", arguments: [id.text])
            else { return nil }
            let chunks = try String.fetchAll(
                database,
                sql: """
                    SELECT text FROM output WHERE task_id = ?1
                    AND attempt = (SELECT MAX(attempt) FROM output WHERE task_id = ?1) ORDER BY seq
                    """, arguments: [id.text])
            guard chunks.isEmpty else { return chunks.joined() }
            return try? TaskSnapshot(json: Array(snapshot)).state.result.output
        }
    }

    /// The same as JSON: `{task_id, output}`.
    public func output(_ id: TaskID) throws -> [UInt8]? {
        guard let text = try outputText(id) else { return nil }
        var writer = JSONWriter(capacity: text.utf8.count + 128)
        writer.object {
            $0.name("task_id")
            $0.string(id.text)
            $0.name("output")
            $0.string(text)
        }
        return writer.bytes
    }

    /// The latest notifications, newest first: `{items}`.
    public func notifications(limit: Int) throws -> [UInt8] {
        let items = try database.read { database in
            try Data.fetchAll(
                database, sql: "SELECT json FROM notifications ORDER BY created_at DESC LIMIT ?", arguments: [limit])
        }
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("items")
            writer.array { for item in items { $0.value(verbatim: Array(item)) } }
        }
        return writer.bytes
    }

    /// Forgets output and notifications from before `moment`, at most 10,000 rows of each. Tasks are never forgotten: a
    /// request's id is known, and its repetition refused, for as long as the status topic has the task.
    public func prune(before moment: Timestamp) throws {
        try database.write { database in
            for (table, column) in [("output", "at"), ("notifications", "created_at")] {
                let keys = table == "output" ? "(task_id, attempt, seq)" : "notification_id"
                let columns = table == "output" ? "task_id, attempt, seq" : "notification_id"
                try database.execute(
                    sql: """
                        DELETE FROM \(table) WHERE \(keys) IN
                        (SELECT \(columns) FROM \(table) WHERE \(column) < ? LIMIT 10000)
                        """, arguments: [moment.milliseconds])
            }
        }
    }
}
