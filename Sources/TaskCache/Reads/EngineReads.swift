internal import Foundation
internal import GRDB
public import TaskModel

/// What the owner asks.
extension TaskCache {
    /// The next offset to fold of each partition.
    public func checkpoints() throws -> [Int32: Int64] {
        try partitionValues("next_offset")
    }

    /// The highest epoch seen in each partition.
    public func epochs() throws -> [Int32: Int64] {
        try partitionValues("epoch")
    }

    private func partitionValues(_ column: String) throws -> [Int32: Int64] {
        try database.read { database in
            var values: [Int32: Int64] = [:]
            for row in try Row.fetchAll(database, sql: "SELECT partition, \(column) FROM partitions") {
                values[row[0]] = row[1]
            }
            return values
        }
    }

    /// Tasks of a partition whose latest record in the log is a former owner's, although a newer one is held: whoever
    /// takes the partition over writes their snapshots again, or compaction keeps the wrong record. By id.
    public func covered(partition: Int32) throws -> [TaskID] {
        try database.read { database in
            try String.fetchAll(
                database, sql: "SELECT task_id FROM covered WHERE partition = ? ORDER BY task_id",
                arguments: [partition]
            ).compactMap { TaskID($0) }
        }
    }

    /// Whether the latest ownership record of a partition is a former owner's.
    public func isOwnerCovered(partition: Int32) throws -> Bool {
        try database.read { database in
            try Bool.fetchOne(
                database, sql: "SELECT is_owner_covered FROM partitions WHERE partition = ?", arguments: [partition])
                ?? false
        }
    }

    /// The tasks of a partition that have not ended. Throws when one cannot be read: a task must not be overlooked.
    public func activeTasks(partition: Int32) throws -> [TaskSnapshot] {
        try database.read { database in
            try Row.fetchAll(
                database, sql: "SELECT task_id, snapshot FROM tasks WHERE partition = ? AND is_active",
                arguments: [partition]
            ).map { try Self.snapshot($0[0], $0[1]) }
        }
    }

    /// The tasks among `ids` that are known. Misses, the common case for new requests, cost a look into one index.
    public func tasks(ids: [TaskID]) throws -> [TaskID: (partition: Int32, snapshot: TaskSnapshot)] {
        try database.read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT partition, snapshot FROM tasks WHERE task_id = ?")
            var found: [TaskID: (partition: Int32, snapshot: TaskSnapshot)] = [:]
            for id in ids where found[id] == nil {
                guard let row = try Row.fetchOne(statement, arguments: [id.text]) else { continue }
                found[id] = (row[0], try Self.snapshot(id.text, row[1]))
            }
            return found
        }
    }

    private static func snapshot(_ id: String, _ json: Data) throws -> TaskSnapshot {
        do {
            return try TaskSnapshot(json: Array(json))
        } catch {
            throw CacheError(
                description: "The cache's record of task \(id) cannot be read (\(error)). Stop the service and delete "
                    + "the cache file; the next start rebuilds it.")
        }
    }
}
