import Foundation
import Kafka
import TaskModel
import Testing

extension EndToEnd.Interfaces {
    @Suite struct Flood {
        @Test("a task that prints 2 GB fills neither topic nor disk nor memory, and stops no other task")
        func flood() async throws {
            try await TestBed.with { bed in
                let cluster = try await Cluster.embedded(bed)
                let settings = ServiceSettings(["runner.output_limit_bytes": "1000000", "runner.slots": "2"])
                let service = try await Service(bed, cluster, settings: settings).start()
                let status = try Follower<StatusTopic>(bed, cluster, cluster.layout.status)
                let output = try Follower<RecordList>(bed, cluster, cluster.layout.output)
                let publisher = try Publisher(bed, cluster)
                let marks = try Marks(bed)
                let gate = try Gate(bed)
                let flood = try bed.script(
                    "flood",
                    """
                    #!/bin/sh
                    yes 'all work and no play' | head -c 1000000000
                    \(gate.command)
                    yes 'makes jack a dull boy' | head -c 1000000000
                    echo; echo 'the end'

                    """)
                try await publisher.submit(["flood"], flood)
                try await status.task("flood", is: "running")
                let others = (0..<20).map { "other-\($0)" }
                try await publisher.submit(others, marks.command("true"))
                let ended = try await status.ended(others)
                #expect(ended.allSatisfy { $0.status == "completed" })
                // It cannot have ended, so the others went on beside it.
                #expect(status.task("flood").status == "running")
                gate.open()
                let task = try await status.task("flood", is: "completed", seconds: 300)
                #expect(task.snapshot["output_bytes"] == 2_000_000_009)
                let tail = try #require(task.snapshot["output"]?.stringValue)
                #expect(tail.utf8.count <= 16_384)
                #expect(tail.hasSuffix("the end\n"))
                let published = output.records.filter { $0.key == Array("flood".utf8) }
                    .reduce(0) { $0 + ($1.value?.count ?? 0) }
                #expect(published < 2_000_000)
                #expect(try service.process.residentKiB < 300_000)
                #expect(try Self.bytes(in: service.dataDirectory) < 30_000_000)
            }
        }

        private static func bytes(in directory: String) throws -> Int {
            try FileManager.default.subpathsOfDirectory(atPath: directory).reduce(0) { sum, path in
                let attributes = try? FileManager.default.attributesOfItem(atPath: directory + "/" + path)
                return sum + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
            }
        }
    }
}
