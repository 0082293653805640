import Foundation
import Kafka
import TaskModel
import TestKit
import Testing

extension EndToEnd.Interfaces {
    @Suite struct ExampleClients {
        @Test("a task that an example client asks for is completed", arguments: ExampleClient.allCases)
        func submit(client: ExampleClient) async throws {
            try await TestBed.with { bed in
                guard try await client.isInstalled(bed) else { return }
                let cluster = try await Cluster.embedded(bed)
                _ = try await Service(bed, cluster).start()
                let status = try Follower<StatusTopic>(bed, cluster, cluster.layout.status)
                let task = try await client.run(
                    bed, "submit_task", cluster, "--id", "asked", "--name", "Asked", "--command", "true", "--project",
                    "1", "--priority", "urgent", "--created-by", "ana", "--wait")
                #expect(try task.expecting().lines == ["asked"])
                #expect(task.error.split(separator: "\n").last == "completed", "\(task)")
                #expect(status.task("asked").problem == nil && status.task("asked").snapshot["priority"] == "urgent")
                let failing = try await client.run(
                    bed, "submit_task", cluster, "--name", "Fails", "--command", "false", "--project", "1", "--wait")
                try failing.expecting(1)
                let id = try #require(failing.lines.first)
                #expect(status.task(id).status == "failed", "\(failing)")
                // Its own murmur2 put both at home.
                #expect(try await forwarded(bed, cluster) == 0)
            }
        }

        @Test("a key that is hashed in librdkafka's own way arrives elsewhere, and its task runs all the same")
        func otherPartitioner() async throws {
            try await TestBed.with { bed in
                let client = ExampleClient.confluent
                guard try await client.isInstalled(bed) else { return }
                let cluster = try await Cluster.embedded(bed)
                _ = try await Service(bed, cluster).start()
                let status = try Follower<StatusTopic>(bed, cluster, cluster.layout.status)
                for id in ["a", "b", "c", "d", "e", "f"] {
                    try await client.run(
                        bed, "submit_task", cluster, "--partitioner", "consistent_random", "--id", id, "--name", id,
                        "--command", "true", "--project", "1"
                    ).expecting()
                }
                try await status.ended(["a", "b", "c", "d", "e", "f"]).forEach { #expect($0.status == "completed") }
                #expect(try await forwarded(bed, cluster) > 0)
            }
        }

        @Test(
            "an example approver's answer counts, with --yes, from the terminal, and no",
            arguments: ExampleClient.allCases)
        func approve(client: ExampleClient) async throws {
            try await TestBed.with { bed in try await approving(bed, client, try await .embedded(bed)) }
        }

        @Test("the same on a real broker, where transactions leave marks", arguments: ExampleClient.allCases)
        func externalApprove(client: ExampleClient) async throws {
            guard let bootstrap = Programs.externalBootstrap else { return EndToEnd.notRun("an example approver") }
            try await TestBed.with { bed in try await approving(bed, client, try await .external(bed, bootstrap)) }
        }

        private func approving(_ bed: TestBed, _ client: ExampleClient, _ cluster: Cluster) async throws {
            guard try await client.isInstalled(bed) else { return }
            let service = try await Service(bed, cluster).start()
            let status = try Follower<StatusTopic>(bed, cluster, cluster.layout.status)
            try await ask(["yes", "typed", "no"], client, bed, cluster)
            try await status.count(3, of: ["yes", "typed", "no"], are: "waiting_confirmation")
            let yes = try await client.run(
                bed, "approve", cluster, "--actor", "ben", "--task", "yes", "--yes", "--once")
            #expect(try yes.expecting().text.contains("asks at gate \"manual\""))
            #expect(yes.text.contains("\\u00e9"), "escaped: \(yes)")
            let done = try await status.task("yes", is: "completed")
            let decision = done.snapshot["confirmations"]?.arrayValue?.first?.objectValue?["decisions"]?.arrayValue
            #expect(decision?.first?.objectValue?["actor"] == "ben")
            // What nobody understands is asked again; the question that is decided by now does not come up.
            let typed = try await client.run(
                bed, "approve", cluster, "--actor", "ben", "--once", "--task", "typed", input: "what\na\n")
            #expect(try typed.expecting().text.contains("typed: approve"))
            try await status.task("typed", is: "completed")
            let rest = try await client.run(
                bed, "approve", cluster, "--actor", "ben", "--reject", "--once", "--reason", "not tonight")
            #expect(try rest.expecting().text.contains("no: reject") && !rest.text.contains("typed"), "\(rest)")
            #expect(try await status.task("no", is: "cancelled").snapshot["reason"] == "not tonight")
            let follower = try client.start(bed, "approve", cluster, "--actor", "ben", "--yes")
            try await ask(["later"], client, bed, cluster)
            try await status.task("later", is: "completed")
            follower.signal(SIGTERM)
            #expect(try await follower.ended(seconds: 30) == 0)
            let letters = try await service.get("/metrics").text
            #expect(!letters.contains("dead_letters_total{"), "no decision was refused")
        }

        private func ask(_ ids: [String], _ client: ExampleClient, _ bed: TestBed, _ cluster: Cluster) async throws {
            for id in ids {
                try await client.run(
                    bed, "submit_task", cluster, "--id", id, "--name", id, "--command", "true 'é'", "--project",
                    "1", "--policy", "manual", "--created-by", "ana"
                ).expecting()
            }
        }

        @Test("with signed records the example clients prove who they are", arguments: ExampleClient.allCases)
        func signed(client: ExampleClient) async throws {
            try await TestBed.with { bed in
                guard try await client.isInstalled(bed) else { return }
                let cluster = try await Cluster.embedded(bed)
                let issuer = try await TokenIssuer(bed, key: "one")
                _ = try await Service(
                    bed, cluster,
                    settings: ServiceSettings(["auth.kafka": "signed", "auth.public_keys": issuer.directory])
                ).start()
                let status = try Follower<StatusTopic>(bed, cluster, cluster.layout.status)
                let ana = try await issuer.token("ana", "user", key: "one")
                let file = try bed.script("ben.token", try await issuer.token("ben", "user", key: "one") + "\n")
                try await client.run(
                    bed, "submit_task", cluster, "--id", "t", "--name", "t", "--command", "true", "--project", "1",
                    "--policy", "manual", environment: ["PANDAR_TOKEN": ana]
                ).expecting()
                let asked = try await status.task("t", is: "waiting_confirmation")
                #expect(asked.snapshot["created_by"] == "ana")
                try await client.run(bed, "approve", cluster, "--token-file", file, "--yes", "--once").expecting()
                let done = try await status.task("t", is: "completed")
                let history = done.snapshot["confirmations"]?.arrayValue?.first?.objectValue
                let decision = history?["decisions"]?.arrayValue?.first?.objectValue
                #expect(decision?["actor"] == "ben" && decision?["authority"]?.objectValue?["kind"] == "jwt")
            }
        }

        @Test("what is missing or unreachable is one clear line", arguments: ExampleClient.allCases)
        func errors(client: ExampleClient) async throws {
            try await TestBed.with { bed in
                guard try await client.isInstalled(bed) else { return }
                for name in ["submit_task", "approve", "notify_webhook"] {
                    let help = try await bed.run(Programs.python, [client.script(name), "--help"]).expecting()
                    #expect(help.text.contains("examples:"))
                    try await bed.run(Programs.python, [client.script(name)]).expecting(2)
                }
                let away = try await bed.run(
                    Programs.python,
                    [
                        client.script("submit_task"), "--bootstrap", "127.0.0.1:1", "--name", "t", "--command", "t",
                        "--project", "1",
                    ])
                #expect(
                    away.status == 1 && away.error.contains("Kafka: ") && !away.error.contains("Traceback"), "\(away)")
            }
        }

        /// How many requests were written again to another partition.
        private func forwarded(_ bed: TestBed, _ cluster: Cluster) async throws -> Int {
            try await ForeignClient(bed, cluster).read(cluster.layout.requests)
                .count { $0.header(InboundRecord.routedHeader) != nil }
        }
    }
}
