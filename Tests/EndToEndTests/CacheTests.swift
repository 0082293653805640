import Foundation
import Kafka
import TaskModel
import TestKit
import Testing

extension EndToEnd.Outages {
    @Suite struct Cache {
        @Test("a cache that is deleted, truncated or overwritten is rebuilt, and the log says so")
        func damaged() async throws {
            try await TestBed.with { bed in
                let cluster = try await Cluster.embedded(bed)
                let service = try await Service(bed, cluster).start()
                let status = try Follower<StatusTopic>(bed, cluster, cluster.layout.status)
                let ids = (0..<20).map { "task-\($0)" }
                let publisher = try Publisher(bed, cluster)
                try await publisher.send(ids.enumerated().map { publisher.request($1, $0 % 4 == 0 ? "false" : "true") })
                try await status.ended(ids)
                try await eventually("the cache counts them") {
                    try await service.get("/api/v1/tasks/stats").json()["failed_tasks"] == 5
                }
                let stats = try await service.get("/api/v1/tasks/stats").json()
                let first = try await Self.tasks(service)
                try await service.stop()

                for damage in Damage.allCases {
                    if damage != .garbageBesideLog { try await Self.checkpoint(service.cachePath, bed) }
                    try damage.apply(to: service.cachePath)
                    try await service.start()
                    do {
                        try await eventually("the stats are the same after: \(damage)", seconds: 30) {
                            try await service.get("/api/v1/tasks/stats").json() == stats
                        }
                    } catch {
                        Issue.record("\(error); \(try await service.get("/api/v1/tasks/stats").text)")
                    }
                    #expect(try await Self.tasks(service) == first, "\(damage)")
                    let log = try service.process.logText
                    // What the write-ahead log of a crash brings back needs no rebuilding.
                    let mustSay = damage != .garbageBesideLog
                    #expect(!mustSay || log.contains("cache"), "\(damage): the log says nothing of the cache\n\(log)")
                    try await service.process.kill()
                }
            }
        }

        /// Brings the file that a killed service left up to date, and takes its log away, which would undo the damage.
        private static func checkpoint(_ path: String, _ bed: TestBed) async throws {
            let script = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA wal_checkpoint(TRUNCATE)')"
            try await bed.run(Programs.python, ["-c", script, path]).expecting()
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        }

        /// All tasks as they are listed, by id.
        private static func tasks(_ service: Service) async throws -> [String: JSONValue] {
            let items = try await service.get("/api/v1/tasks?limit=100").json()["items"]?.arrayValue ?? []
            return Dictionary(uniqueKeysWithValues: items.map { ($0.objectValue?["task_id"]?.stringValue ?? "", $0) })
        }

        @Test("on another cluster the cache starts afresh")
        func otherCluster() async throws {
            try await TestBed.with { bed in
                let first = try await Cluster.embedded(bed)
                let service = try await Service(bed, first).start()
                let status = try Follower<StatusTopic>(bed, first, first.layout.status)
                try await Publisher(bed, first).submit(["old"], "true")
                try await status.task("old", is: "completed")
                try await eventually("the cache has it") { try await service.get("/api/v1/tasks/old").status == 200 }
                try await service.stop()

                let second = try await Cluster.embedded(bed)
                // The same name and data directory, another broker.
                let moved = try await Service(bed, second).start()
                #expect(try await moved.get("/api/v1/tasks/stats").json()["total_tasks"] == 0)
                #expect(try await moved.get("/api/v1/tasks/old").status == 404)
                #expect(try moved.process.logText.contains("cluster"))
                let later = try Follower<StatusTopic>(bed, second, second.layout.status)
                try await Publisher(bed, second).submit(["new"], "true")
                try await later.task("new", is: "completed")
            }
        }
    }
}

private enum Damage: String, CaseIterable {
    case deleted, emptied, truncated, garbage, bytesInTheMiddle, garbageBesideLog

    func apply(to path: String) throws {
        guard self != .deleted else { return try FileManager.default.removeItem(atPath: path) }
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        let size = try handle.seekToEnd()
        switch self {
        case .deleted: break
        case .emptied: try handle.truncate(atOffset: 0)
        case .truncated: try handle.truncate(atOffset: size / 2 + 100)
        case .garbage, .garbageBesideLog: try write(Int(size), at: 0, to: handle)
        case .bytesInTheMiddle:
            for page in 2..<UInt64(max(3, size / 4096)) { try write(64, at: page * 4096, to: handle) }
        }
        try handle.close()
    }

    private func write(_ count: Int, at offset: UInt64, to handle: FileHandle) throws {
        var generator = SeededGenerator(seed: 5)
        try handle.seek(toOffset: offset)
        try handle.write(contentsOf: Data((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }))
    }
}
