import Foundation
import Kafka
import TaskModel
import Testing

extension EndToEnd.Interfaces {
    @Suite struct Commands {
        @Test("submit, watch, the actions, dead letters, topics and the doctor work against a running service")
        func commands() async throws {
            try await TestBed.with { bed in
                let cluster = try await Cluster.embedded(bed)
                let service = try await Service(bed, cluster).start()
                let status = try Follower<StatusTopic>(bed, cluster, cluster.layout.status)
                let gate = try Gate(bed)
                try await submitting(service, status, gate)
                try await watching(service, status, gate)
                try await deadLetters(service)
                try await checking(service, bed)
            }
        }

        private func submitting(_ service: Service, _ status: Follower<StatusTopic>, _ gate: Gate) async throws {
            let lines = (0..<3).map { #"{"task_id":"line-\#($0)","name":"line","command":"true","project_id":2}"# }
            let many = try await service.pandar("submit", input: lines.joined(separator: "\n")).expecting()
            #expect(many.lines == ["line-0", "line-1", "line-2"])
            let array = try await service.pandar(
                "submit", input: #"[{"task_id":"in-array","name":"a","command":"true","project_id":2}]"#)
            #expect(try array.expecting().lines == ["in-array"])
            let waited = try await service.pandar(
                "submit", "--id", "waited", "--name", "w", "--command", "true", "--project", "1", "--wait",
                "--within", "60")
            #expect(try waited.expecting().lines == ["waited"])
            let failed = try await service.pandar(
                "submit", "--id", "fails", "--name", "f", "--command", "false", "--project", "1", "--wait",
                "--within", "60")
            #expect(failed.status == 1, "\(failed)")
            let refused = try await service.pandar(
                "submit", input: lines[0].replacing("line-0", with: "not-sent") + "\n" + #"{"name":"b"}"#)
            #expect(refused.status == 65)
            #expect(refused.error.contains("ine 2"), "\(refused)")
            try await status.ended(["line-0", "line-1", "line-2", "in-array", "waited", "fails"])
            #expect(status.task("not-sent").steps.isEmpty)
        }

        private func watching(_ service: Service, _ status: Follower<StatusTopic>, _ gate: Gate) async throws {
            #expect(try await service.pandar("watch", "waited", "--within", "30").status == 0)
            #expect(try await service.pandar("watch", "fails", "--within", "30").status == 1)
            #expect(try await service.pandar("watch", "nobody", "--within", "1").status == 75)
            try await service.pandar(
                "submit", "--id", "held", "--name", "h", "--command", gate.command, "--project", "1"
            ).expecting()
            let running = try await service.pandar("watch", "held", "--until", "running", "--within", "30").expecting()
            #expect(try running.jsonLines().allSatisfy { $0["task_id"] == "held" })
            try await service.pandar("cancel", "held", "--actor", "ana", "--reason", "enough").expecting()
            #expect(try await service.pandar("watch", "held", "--within", "30").status == 3)
            gate.open()
            try await service.pandar("retry", "held").expecting()
            try await status.task("held", is: "completed")
            let history = status.task("held")
            #expect(history.attempts.map { $0["outcome"] } == ["cancelled", "completed"])
            try await service.pandar(
                "submit", "--id", "later", "--name", "l", "--command", "true", "--project", "1", "--at",
                "2100-01-01T00:00:00Z"
            ).expecting()
            try await status.task("later", is: "pending")
            try await service.pandar("start", "later").expecting()
            try await status.task("later", is: "completed")
        }

        private func deadLetters(_ service: Service) async throws {
            #expect(try await service.pandar("dead-letters", "list", "--json").expecting().lines == [])
            let text = #"{"name":"no command","project_id":"one"}"#
            try await service.pandar("submit", "--no-validate", input: text).expecting()
            try await eventually("it is dead-lettered") {
                try await service.pandar("dead-letters", "list", "--json").lines.count == 1
            }
            let letter = try #require(
                try await service.pandar("dead-letters", "list", "--json").expecting().jsonLines().first)
            #expect(letter["value"] == .string(text))
            #expect(letter["reason"] == "missing_field")
            let place = try #require(letter["place"]?.stringValue)
            let shown = try await service.pandar("dead-letters", "show", place).expecting()
            #expect(shown.lines.last == text)
            #expect(try await service.pandar("dead-letters", "show", "0:4711").status == 66)
            try await service.pandar("dead-letters", "replay", place).expecting()
            try await eventually("it is dead-lettered again") {
                try await service.pandar("dead-letters", "list", "--json").lines.count == 2
            }
        }

        private func checking(_ service: Service, _ bed: TestBed) async throws {
            try await service.pandar("topics", "check").expecting()
            let others = ["--bootstrap", service.cluster.bootstrap, "--set", "kafka.topic_prefix=other."]
            let plan = try await bed.run(Programs.pandar, ["topics", "plan"] + others).expecting()
            #expect(plan.text.contains("other.task-requests"))
            #expect(try await bed.run(Programs.pandar, ["topics", "check"] + others).status == 1)
            let fewer = ["--bootstrap", service.cluster.bootstrap, "--set", "kafka.partitions=7"]
            #expect(try await bed.run(Programs.pandar, ["topics", "check"] + fewer).status == 1)
            let start = try await bed.run(Programs.pandar, ["serve", "--data-dir", bed.path("other")] + fewer)
            #expect(start.status == 1)
            #expect(start.error.contains("kafka.partitions"), "\(start)")

            let doctor = try await service.pandar("doctor", "--json").expecting()
            let findings = try doctor.jsonLines()
            let broker = findings.filter { $0["subject"]?.stringValue?.contains("broker") == true }
            #expect(broker.map { $0["verdict"] } == ["ok"])
            let ill = try await bed.run(Programs.pandar, ["doctor", "--json", "--bootstrap", "127.0.0.1:1"])
            #expect(ill.status == 1)
            let failures = try ill.jsonLines().filter { $0["verdict"] == "fail" }
            #expect(failures.contains { $0["remedy"]?.stringValue?.isEmpty == false })
        }
    }
}
