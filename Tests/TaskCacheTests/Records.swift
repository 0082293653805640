import TaskCache
import TaskModel

/// Makes the records of a status topic.
enum Records {
    struct InvalidID: Error {}

    /// 2026-11-23T00:00:00Z.
    static let day = Timestamp(milliseconds: 1_795_392_000_000)

    static func snapshot(
        _ id: String, epoch: Int64 = 1, version: Int64 = 1, status: TaskStatus = .pending, project: Int64 = 1,
        priority: TaskPriority = .medium, name: String? = nil, command: String = "codex audit", agent: String? = nil,
        createdBy: JSONValue? = nil, created: Timestamp = day, output: String = ""
    ) throws -> TaskSnapshot {
        guard let taskID = TaskID(id) else { throw InvalidID() }
        let request = TaskRequest(
            taskID: taskID, name: name ?? "Task \(id)", command: command, projectID: project, priority: priority,
            createdBy: createdBy, metadata: TaskMetadata(agent: agent))
        var state = TaskState(createdAt: created, epoch: epoch)
        state.version = version
        state.status = status
        state.updatedAt = created.adding(seconds: version)
        if status != .pending { state.startedAt = created.adding(seconds: 2) }
        if status.isTerminal {
            state.completedAt = created.adding(seconds: 12)
            state.result = AttemptResult(output: output, outputBytes: Int64(output.utf8.count), duration: 10_000)
        }
        return TaskSnapshot(spec: TaskSpec(request, id: taskID), state: state)
    }

    static func record(_ snapshot: TaskSnapshot, partition: Int32 = 0, offset: Int64) -> CachedRecord {
        CachedRecord(
            partition: partition, offset: offset, timestampMs: snapshot.state.updatedAt.milliseconds,
            key: Array(snapshot.id.text.utf8), value: snapshot.json)
    }

    static func tombstone(_ id: String, partition: Int32 = 0, offset: Int64) -> CachedRecord {
        CachedRecord(partition: partition, offset: offset, timestampMs: 0, key: Array(id.utf8), value: nil)
    }

    static func owner(epoch: Int64, partition: Int32 = 0, offset: Int64) -> CachedRecord {
        let record = OwnershipRecord(
            owner: "alpha", incarnation: "1", epoch: epoch, partitions: 4, takenAt: day)
        return CachedRecord(
            partition: partition, offset: offset, timestampMs: 0, key: Array(OwnershipRecord.key.utf8),
            value: record.json)
    }
}
