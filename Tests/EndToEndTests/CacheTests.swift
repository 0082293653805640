import Foundation
import Kafka
import TaskModel
import Testing

extension EndToEnd.Interfaces {
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
                let first = try await service.get("/api/v1/tasks?limit=100").json()
                try await service.stop()

                for damage in Damage.allCases {
                    try damage.apply(to: service.cachePath)
                    try await service.start()
                    do {
                        try await eventually("the stats are the same after: \(damage)", seconds: 30) {
                            try await service.get("/api/v1/tasks/stats").json() == stats
                        }
                    } catch {
                        Issue.record("\(error); \(try await service.get("/api/v1/tasks/stats").text)")
                    }
                    #expect(try await service.get("/api/v1/tasks?limit=100").json() == first, "\(damage)")
                    let log = try service.process.logText
                    #expect(log.contains("cache"), "\(damage): the log says nothing of the cache\n\(log)")
                    // The next damage meets a file with a write-ahead log, as after a crash.
                    try await service.process.kill()
                }
            }
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
    case deleted, emptied, truncated, garbage, bytesInTheMiddle

    func apply(to path: String) throws {
        let url = URL(fileURLWithPath: path)
        guard self != .deleted else {
            for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
            return
        }
        let handle = try FileHandle(forUpdating: url)
        let size = try handle.seekToEnd()
        switch self {
        case .deleted: break
        case .emptied: try handle.truncate(atOffset: 0)
        case .truncated: try handle.truncate(atOffset: size / 2 + 100)
        case .garbage: try write(Int(size), at: 0, to: handle)
        case .bytesInTheMiddle:
            // The log would bring the pages back.
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
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
