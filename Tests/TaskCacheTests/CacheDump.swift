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
            name, created_at, updated_at, started_at, duration, snapshot FROM tasks ORDER BY task_id
            """,
            "SELECT * FROM stats WHERE count <> 0 OR sum <> 0 ORDER BY project_id, dimension, key",
            "SELECT * FROM covered ORDER BY partition, task_id",
            "SELECT task_id FROM tasks WHERE id IN (SELECT rowid FROM search WHERE search MATCH 'audit') ORDER BY task_id",
            "SELECT COUNT(*) FROM search WHERE search MATCH 'audit'",
        ]
        return try queue.read { database in
            try selects.flatMap { sql in try Row.fetchAll(database, sql: sql).map { "\($0)" } }
        }
    }
}
