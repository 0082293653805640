import Foundation
import Logging
import TaskCache
import TaskModel

/// A cache in a folder of its own, filled the way the tail does it.
final class CacheFixture: Sendable {
    let cache: TaskCache
    private let directory: URL

    init() throws {
        directory = URL.temporaryDirectory.appending(path: "pandar-api-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        cache = try TaskCache(
            path: directory.appending(path: "cache.sqlite").path(), clusterID: "test",
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    deinit {
        try? cache.close()
        try? FileManager.default.removeItem(at: directory)
    }

    func fold(_ snapshots: [TaskSnapshot]) throws {
        _ = try cache.fold(
            snapshots.enumerated().map { offset, snapshot in
                CachedRecord(
                    partition: 0, offset: Int64(offset), timestampMs: snapshot.state.updatedAt.milliseconds,
                    key: Array(snapshot.id.text.utf8), value: snapshot.json)
            })
    }

    /// A task that was accepted `minute` minutes after the start of the test's day.
    static func snapshot(
        _ id: String, name: String? = nil, command: String = "codex audit", status: TaskStatus = .pending,
        project: Int64 = 1, priority: TaskPriority = .medium, createdBy: JSONValue? = nil, minute: Int64 = 0,
        output: String = ""
    ) throws -> TaskSnapshot {
        struct InvalidID: Error {}
        guard let taskID = TaskID(id) else { throw InvalidID() }
        let request = TaskRequest(
            taskID: taskID, name: name ?? "Task \(id)", command: command, projectID: project, priority: priority,
            createdBy: createdBy)
        var state = TaskState(createdAt: day.adding(seconds: minute * 60), epoch: 1)
        state.status = status
        if status != .pending {
            state.version = 3
            state.attempt = 1
            state.startedAt = state.createdAt.adding(seconds: 1)
        }
        if status.isTerminal {
            state.updatedAt = state.createdAt.adding(seconds: 11)
            state.completedAt = state.updatedAt
            state.result = AttemptResult(
                output: output, outputBytes: Int64(output.utf8.count), exitCode: 0, duration: 10_000)
        }
        return TaskSnapshot(spec: TaskSpec(request, id: taskID), state: state)
    }

    /// 2026-11-23T00:00:00Z.
    static let day = Timestamp(milliseconds: 1_795_392_000_000)
}
