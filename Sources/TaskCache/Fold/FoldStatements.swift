internal import GRDB

/// What the fold does for every record, prepared once a batch.
struct FoldStatements {
    let lookup: Statement
    let insertion: Statement
    let search: Statement
    let change: Statement

    init(_ database: Database) throws {
        lookup = try database.cachedStatement(sql: "SELECT \(TaskRow.columns) FROM tasks WHERE task_id = ?")
        insertion = try database.cachedStatement(
            sql: """
                INSERT INTO tasks (task_id, partition, epoch, version, status, is_active, priority, project_id,
                    created_by, agent, gate, name, created_at, updated_at, started_at, duration, has_usage, answers,
                    recovered_by, snapshot)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        search = try database.cachedStatement(
            sql: "INSERT INTO search (rowid, name, description, command) VALUES (?, ?, ?, ?)")
        change = try database.cachedStatement(
            sql: """
                UPDATE tasks SET partition = ?, epoch = ?, version = ?, status = ?, is_active = ?, gate = ?,
                    updated_at = ?, started_at = ?, duration = ?, has_usage = ?, answers = ?, recovered_by = ?,
                    snapshot = ? WHERE id = ?
                """)
    }
}
