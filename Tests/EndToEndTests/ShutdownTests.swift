import Foundation
import Kafka
import TaskModel
import Testing

extension EndToEnd.Interfaces {
    @Suite struct Shutdown {
        @Test("the first SIGTERM lets attempts finish, and interrupts them when the time is up, unspent")
        func drain() async throws {
            try await TestBed.with { bed in
                let cluster = try await Cluster.embedded(bed)
                let service = Service(
                    bed, cluster,
                    settings: ServiceSettings(["shutdown.drain_seconds": "20", "runner.slots": "2"]))
                try await service.start()
                let status = try Follower<StatusTopic>(bed, cluster, cluster.layout.status)
                let publisher = try Publisher(bed, cluster)
                let marks = try Marks(bed)
                let finishing = try Gate(bed, "finishing")
                let never = try Gate(bed, "never")
                try await publisher.submit(["finishes"], marks.command(finishing.command))
                try await publisher.submit(["interrupted"], marks.command(never.command))
                try await status.count(2, of: ["finishes", "interrupted"], are: "running")
                try await eventually("both have started") { marks.isHeld("finishes") && marks.isHeld("interrupted") }
                try await publisher.submit(["queued"], marks.command("true"))
                try await status.task("queued", is: "pending")
                try service.process.signal(SIGTERM)
                try await eventually("/readyz tells of the shutdown, and HTTP still answers") {
                    try await service.get("/readyz").text.contains("shutting down")
                }
                #expect(try await service.get("/livez").status == 200)
                finishing.open()
                // A slot is free now, and all the same the queue stands still.
                try await status.task("finishes", is: "completed")
                #expect(try await service.process.ended() == 0)
                // What was written before the end may come a moment after it.
                try await status.task("interrupted", is: "pending", seconds: 60)
                #expect(status.task("queued").status == "pending")
                #expect(status.task("interrupted").attempts.map { $0["outcome"] } == ["interrupted"])
                #expect(!marks.isHeld("interrupted"))

                never.open()
                try await service.start()
                let tasks = try await status.ended(["finishes", "interrupted", "queued"])
                for task in tasks {
                    #expect(task.status == "completed", "\(task.steps)")
                    #expect(task.problem == nil)
                    #expect(task.snapshot["retries_used"] == nil)
                    #expect(task.snapshot["lost_attempts"] == nil)
                }
                marks.check()
                #expect(marks.starts == ["finishes": [1], "interrupted": [1, 2], "queued": [1]])
            }
        }

        @Test("a second SIGTERM ends it at once, and nothing is lost")
        func second() async throws {
            try await TestBed.with { bed in
                let cluster = try await Cluster.embedded(bed)
                let service = Service(bed, cluster, settings: ServiceSettings(["shutdown.drain_seconds": "3600"]))
                try await service.start()
                let status = try Follower<StatusTopic>(bed, cluster, cluster.layout.status)
                let marks = try Marks(bed)
                let gate = try Gate(bed)
                let publisher = try Publisher(bed, cluster)
                try await publisher.submit(["running"], marks.command(gate.command))
                try await status.task("running", is: "running")
                try await eventually("its attempt has started") { marks.starts["running"] == [1] }
                // Repeated, for two signals that come as one would be one.
                try await eventually("it has ended") {
                    try service.process.signal(SIGTERM)
                    return try !service.process.isRunning
                }
                try await eventually("its attempts died with it") { !marks.isHeld("running") }
                gate.open()
                try await service.start()
                let task = try await status.task("running", is: "completed")
                #expect(task.problem == nil)
                #expect(marks.starts == ["running": [1, 2]])
                marks.check()
            }
        }
    }
}
