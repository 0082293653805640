internal import GRDB
internal import TaskModel

/// What a batch changes in the list of covered tasks: those whose latest record in the log is a former owner's, although
/// a newer one is held. Compaction would keep the wrong record; the next owner writes the right one again.
struct CoveredDelta {
    private struct Key: Hashable {
        let partition: Int32
        let id: TaskID
    }

    private var changes: [Key: Bool] = [:]

    /// Notes what the latest record of a task is: a covering one or the one that counts.
    mutating func set(_ id: TaskID, _ partition: Int32, _ isCovered: Bool) {
        changes[Key(partition: partition, id: id)] = isCovered
    }

    func write(to database: Database) throws {
        guard !changes.isEmpty else { return }
        let insertion = try database.cachedStatement(
            sql: "INSERT OR IGNORE INTO covered (partition, task_id) VALUES (?, ?)")
        let removal = try database.cachedStatement(sql: "DELETE FROM covered WHERE partition = ? AND task_id = ?")
        // The table is empty unless a former owner was about: then nothing needs to be looked for in it.
        let isEmpty = try Bool.fetchOne(database, sql: "SELECT NOT EXISTS (SELECT 1 FROM covered)") ?? false
        for (key, isCovered) in changes where isCovered || !isEmpty {
            try (isCovered ? insertion : removal).execute(arguments: [key.partition, key.id.text])
        }
    }
}
