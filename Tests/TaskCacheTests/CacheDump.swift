import GRDB
import TaskCache

/// The content of a cache file, without what may differ between two ways to the same content.
enum CacheDump {
    static func lines(_ path: String) throws -> [String] {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let selects = [
            "SELECT * FROM partitions ORDER BY partition",
            """
            SELECT task_id, partition, epoch, version, status, is_active, priority, project_id, created_by, agent, gate,
            name, created_at, updated_at, started_at, duration, has_usage, answers, recovered_by, snapshot FROM tasks ORDER BY task_id
            """,
            "SELECT * FROM stats WHERE count <> 0 OR sum <> 0 ORDER BY project_id, dimension, key",
            "SELECT * FROM usage ORDER BY task_id, attempt",
            "SELECT * FROM usage_sums WHERE attempts <> 0 OR input <> 0 OR output <> 0 ORDER BY project_id, dimension, key",
            "SELECT * FROM covered ORDER BY partition, task_id",
            "SELECT task_id FROM tasks WHERE id IN (SELECT rowid FROM search WHERE search MATCH 'audit') ORDER BY task_id",
            "SELECT COUNT(*) FROM search WHERE search MATCH 'audit'",
        ]
        return try queue.read { database in
            try selects.flatMap { sql in try Row.fetchAll(database, sql: sql).map { "\($0)" } }
        }
    }

    /// Makes of a file what the version before the one that keeps usage would have left.
    static func undoUsage(_ path: String) throws {
        try DatabaseQueue(path: path).write { database in
            try database.execute(
                sql: """
                    DROP TABLE usage; DROP TABLE usage_sums;
                    ALTER TABLE tasks DROP COLUMN has_usage; ALTER TABLE tasks DROP COLUMN answers;
                    ALTER TABLE tasks DROP COLUMN recovered_by;
                    DELETE FROM grdb_migrations WHERE identifier = 'usage';
                    """)
        }
    }
}
