import Foundation
import Kafka
import TaskModel
import TestKit
import Testing

extension EndToEnd.Interfaces {
    @Suite struct ReferenceRequest {
        @Test("the reference request, published by a foreign client, is completed everywhere it can be seen")
        func embedded() async throws {
            try await TestBed.with { bed in try await reference(bed, try await .embedded(bed)) }
        }

        @Test("the same on a real broker")
        func external() async throws {
            guard let bootstrap = Programs.externalBootstrap else { return EndToEnd.notRun("the reference request") }
            try await TestBed.with { bed in try await reference(bed, try await .external(bed, bootstrap)) }
        }

        private func reference(_ bed: TestBed, _ cluster: Cluster) async throws {
            let standIns = try bed.standInAgents()
            let service = Service(bed, cluster, settings: ServiceSettings(["agents.file": standIns]))
            let agents = Programs.repository.appendingPathComponent("demo/agents").path
            try await service.start(environment: ["PATH": agents + ":/usr/bin:/bin"])
            let status = try Follower<StatusTopic>(bed, cluster, cluster.layout.status)
            let announced = try #require(try service.run.ready["bootstrap"]?.stringValue)
            #expect(announced == cluster.bootstrap)

            // Published at once, before the group has assigned anything: it must not matter.
            let request = try Data(
                contentsOf: Programs.repository.appendingPathComponent("demo/reference-request.json"))
            let foreign = ForeignClient(bed, cluster)
            try await foreign.produce([
                OutgoingRecord(
                    topic: cluster.layout.requests, key: nil, value: [UInt8](request),
                    headers: [
                        KafkaHeader(
                            name: "traceparent",
                            value: Array("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".utf8))
                    ])
            ])
            let id = try await status.state.until("a task has ended") { state in
                state.tasks.first { $0.value.hasEnded }?.key
            }
            let task = status.task(id)
            #expect(task.status == "completed", "\(task.steps)")
            #expect(task.problem == nil)
            #expect(task.steps.map(\.status).first == "pending")
            #expect(task.snapshot["name"] == "Nightly audit")
            try checkHeaders(task, id, service)
            try await checkViews(of: id, task, service)
            try await checkOffline(service)
        }

        private func checkHeaders(_ task: TaskHistory, _ id: String, _ service: Service) throws {
            let record = try #require(task.record)
            let version = try #require(task.steps.last?.version)
            #expect(record.key == Array(id.utf8))
            #expect(record.header("ce_specversion") == "1.0")
            #expect(record.header("ce_id") == "\(id)/\(version)/status")
            #expect(record.header("ce_source") == "/pandar/\(service.name)")
            #expect(record.header("ce_type") == "dev.pandar.task.status.v1")
            #expect(record.header("ce_subject") == id)
            #expect(record.header("content-type") == "application/json")
            #expect(record.header("ce_time").flatMap(Timestamp.init) != nil)
            let trace = try #require(record.header("traceparent"))
            #expect(trace.contains("0af7651916cd43dd8448eb211c80319c"))
        }

        private func checkViews(of id: String, _ task: TaskHistory, _ service: Service) async throws {
            try await eventually("the cache has the end") {
                try await service.get("/api/v1/tasks/\(id)").text.contains(#""status":"completed""#)
            }
            let shown = try await service.get("/api/v1/tasks/\(id)").json()
            #expect(shown["output"]?.stringValue?.contains("[codex] done") == true)
            for (command, path) in [
                (["show", id, "--json"], "/api/v1/tasks/\(id)"), (["list", "--json"], "/api/v1/tasks?limit=20"),
                (["search", "audit", "--json"], "/api/v1/tasks/search?q=audit&limit=20"),
                (["stats", "--json"], "/api/v1/tasks/stats"),
            ] {
                let printed = try await service.pandar(list: command).expecting().json()
                #expect(printed == (try await service.get(path).json()), "\(command)")
            }
            let stats = try await service.get("/api/v1/tasks/stats").json()
            #expect(stats["total_tasks"] == 1)
            #expect(stats["completed_tasks"] == 1)
            #expect(stats["success_rate"]?.doubleValue == 100)
            let output = try await service.get("/api/v1/tasks/\(id)/output?format=text")
            #expect(output.text.contains("[codex] done"))

            let events = try await service.pandar("watch", id, "--json", "--within", "30").expecting().jsonLines()
            let states = events.filter { $0["type"] == "status" }
                .map { $0["value"]?.objectValue?["status"]?.stringValue }
            #expect(states.first == "pending")
            #expect(states.last == "completed")
            #expect(events.contains { $0["type"] == "output" })
        }

        /// Without a service, `stats` reads the cache and tells its age.
        private func checkOffline(_ service: Service) async throws {
            let before = try await service.pandar("stats", "--json").expecting()
            #expect(!before.error.contains("old"))
            #expect(try await service.stop() == 0)
            let after = try await service.pandar("stats", "--json").expecting()
            #expect(after.error.contains(" old"), "\(after.error)")
            #expect(try after.json()["completed_tasks"] == 1)
            let list = try await service.pandar("list", "--json").expecting()
            #expect(try list.json()["total"] == 1)
        }
    }
}
