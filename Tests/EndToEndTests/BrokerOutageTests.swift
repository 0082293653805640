import Foundation
import Kafka
import TaskModel
import Testing

extension EndToEnd.Outages {
    @Suite struct BrokerOutage {
        @Test("an outage of 30 s, longer than the lease: attempts are killed meanwhile, and repeated afterwards")
        func longerThanLease() async throws {
            try await TestBed.with { bed in
                let scene = try await Scene(bed)
                try await scene.publisher.submit(["long-1", "long-2"], scene.marks.command(scene.gate.command))
                try await scene.untilStarted("long-1", "long-2")
                let outage = scene.stopBroker()
                try await eventually("the runner has killed what it could not prove to be alive") {
                    !scene.marks.isHeld("long-1") && !scene.marks.isHeld("long-2")
                }
                try await scene.untilBrokerProblem()
                try await scene.continueBroker(after: outage)
                try await scene.service.untilReady(seconds: 180)
                scene.gate.open()
                try await scene.publisher.submit(["after"], "true")
                let tasks = try await scene.status.ended(["long-1", "long-2", "after"], seconds: 180)
                for task in tasks {
                    #expect(task.status == "completed", "\(task.steps)")
                    #expect(task.problem == nil)
                }
                for task in tasks.prefix(2) { #expect(task.attempts.first?["outcome"] == "lost", "\(task.steps)") }
                scene.marks.check()
                #expect(scene.marks.all.filter { $0.kind == "end" && $0.task != "after" }.count == 2)
            }
        }

        @Test("an outage of 30 s, shorter than the lease: attempts go on, and what ended meanwhile counts")
        func shorterThanLease() async throws {
            try await TestBed.with { bed in
                let scene = try await Scene(
                    bed, ["runner.lease_seconds": "120", "runner.lease_margin_seconds": "10"])
                let during = try Gate(bed, "during")
                try await scene.publisher.submit(["goes-on"], scene.marks.command(scene.gate.command))
                try await scene.publisher.submit(["ends-meanwhile"], scene.marks.command(during.command))
                try await scene.untilStarted("goes-on", "ends-meanwhile")
                let outage = scene.stopBroker()
                try await scene.untilBrokerProblem()
                during.open()
                try await eventually("it has ended") { !scene.marks.isHeld("ends-meanwhile") }
                #expect(scene.marks.isHeld("goes-on"))
                try await scene.continueBroker(after: outage)
                #expect(scene.marks.isHeld("goes-on"))
                try await scene.service.untilReady(seconds: 180)
                try await scene.status.task("ends-meanwhile", is: "completed", seconds: 180)
                scene.gate.open()
                try await scene.status.ended(["goes-on", "ends-meanwhile"], seconds: 180)
                for id in ["goes-on", "ends-meanwhile"] {
                    let task = scene.status.task(id)
                    #expect(task.status == "completed", "\(task.steps)")
                    #expect(task.problem == nil)
                    #expect(task.attempts.count == 1, "\(task.steps)")
                }
                #expect(scene.marks.starts == ["goes-on": [1], "ends-meanwhile": [1]])
                scene.marks.check()
            }
        }

        @Test("cut connections while a task floods its output: memory stays bounded, and the service finds back")
        func cutConnections() async throws {
            try await TestBed.with { bed in
                let layout = TopicLayout(partitions: 3)
                let broker = try EmbeddedBroker(
                    topics: Dictionary(uniqueKeysWithValues: layout.definitions.map { ($0.name, $0.partitions) }),
                    logger: Cluster.logger)
                let cluster = Cluster(bootstrap: broker.bootstrap, layout: layout, isEmbedded: true, process: nil)
                let settings = [
                    "runner.lease_seconds": "60", "runner.lease_margin_seconds": "10",
                    "runner.output_limit_bytes": "1073741824",
                ]
                let service = try await Service(bed, cluster, settings: ServiceSettings(settings)).start()
                let status = try Follower<StatusTopic>(bed, cluster, layout.status)
                let publisher = try Publisher(bed, cluster)
                let marks = try Marks(bed)
                let gate = try Gate(bed)
                let flood = try bed.script("flood", "#!/bin/sh\nyes 'all work and no play' | head -c 100000000\n")
                try await publisher.submit(["quiet"], marks.command(gate.command))
                try await eventually("it has started") { marks.isHeld("quiet") }
                broker.setDown(true)
                try await untilBrokerProblem(service)
                broker.setDown(false)
                try await service.untilReady(seconds: 180)
                try await publisher.submit(["flood"], marks.command("\(flood)"))
                try await eventually("it has started") { marks.starts["flood"] == [1] }
                broker.setDown(true)
                try await untilBrokerProblem(service)
                #expect(try service.process.residentKiB < 400_000)
                broker.setDown(false)
                try await service.untilReady(seconds: 180)
                gate.open()
                let tasks = try await status.ended(["quiet", "flood"], seconds: 180)
                for task in tasks {
                    #expect(task.status == "completed", "\(task.steps)")
                    #expect(task.problem == nil)
                    #expect(task.attempts.count == 1, "\(task.attempts)")
                }
                #expect(tasks[1].snapshot["output_bytes"] == 100_000_010)
                #expect(try service.process.residentKiB < 400_000)
                marks.check()
                withExtendedLifetime(broker) {}
            }
        }
    }
}

/// A service on a broker that can be stopped.
private struct Scene {
    let broker: ChildProcess
    let service: Service
    let status: Follower<StatusTopic>
    let publisher: Publisher
    let marks: Marks
    let gate: Gate

    init(_ bed: TestBed, _ settings: [String: String] = [:]) async throws {
        let cluster = try await Cluster.embedded(bed)
        broker = try #require(cluster.process)
        service = try await Service(bed, cluster, settings: ServiceSettings(settings)).start()
        status = try Follower(bed, cluster, cluster.layout.status)
        publisher = try Publisher(bed, cluster)
        marks = try Marks(bed)
        gate = try Gate(bed)
        try await service.untilReady()
    }

    /// Waits until the attempts really run: `running` is written before that.
    func untilStarted(_ ids: String...) async throws {
        try await status.count(ids.count, of: ids, are: "running")
        try await eventually("\(ids) have started") { ids.allSatisfy(marks.isHeld) }
    }

    /// - Returns: when the outage is to end.
    func stopBroker() -> ContinuousClock.Instant {
        broker.signal(SIGSTOP)
        return .now + .seconds(30)
    }

    /// Lets the broker go on when the outage has lasted as long as it should.
    func continueBroker(after end: ContinuousClock.Instant) async throws {
        try await Task.sleep(until: end)
        #expect(try service.process.residentKiB < 400_000)
        broker.signal(SIGCONT)
    }

    func untilBrokerProblem() async throws {
        try await EndToEndTests.untilBrokerProblem(service)
        #expect(try service.process.residentKiB < 400_000)
    }
}

/// Waits until `/readyz` says that the broker is the trouble; the service itself must go on living.
private func untilBrokerProblem(_ service: Service) async throws {
    try await eventually("/readyz tells of the broker", seconds: 120) {
        let answer = try await service.get("/readyz")
        guard answer.status == 503 else { return false }
        let checks = try answer.json()["checks"]?.arrayValue ?? []
        return checks.compactMap(\.objectValue).contains { $0["name"] == "broker" && $0["ok"] == false }
    }
    #expect(try await service.get("/livez").status == 200)
}
