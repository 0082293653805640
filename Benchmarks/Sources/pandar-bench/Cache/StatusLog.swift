import TaskCache
import TaskModel

/// Records of the status topic, in the batches in which the tail reads them when it is behind.
struct StatusLog {
    /// Records that one call of fold takes.
    static let batch = 1000

    private var position: Int64 = 0

    /// Tasks under way side by side: each batch has one version of many tasks, so every record is written.
    mutating func lifecycles(_ numbers: Range<Int>) throws -> [[CachedRecord]] {
        var batches: [[CachedRecord]] = []
        for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: Self.batch) {
            let tasks = try (start..<min(start + Self.batch, numbers.upperBound)).map(SampleTasks.lifecycle)
            for version in 0..<3 { batches.append(tasks.map { record($0[version]) }) }
        }
        return batches
    }

    /// Tasks that have ended, one record each, as a compacted topic holds them.
    mutating func compacted(_ numbers: Range<Int>) throws -> [[CachedRecord]] {
        try stride(from: numbers.lowerBound, to: numbers.upperBound, by: Self.batch).map { start in
            try (start..<min(start + Self.batch, numbers.upperBound)).compactMap(SampleTasks.finished)
                .map { record($0) }
        }
    }

    private mutating func record(_ snapshot: TaskSnapshot) -> CachedRecord {
        defer { position += 1 }
        return CachedRecord(
            partition: 0, offset: position, timestampMs: snapshot.state.updatedAt.milliseconds,
            key: Array(snapshot.id.text.utf8), value: snapshot.json)
    }
}
