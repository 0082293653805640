import Foundation
import Kafka
import TaskModel
import TestKit
import Testing

extension EndToEnd.Interfaces {
    @Suite struct WebHooks {
        @Test(
            "every notification is posted exactly once, through errors, kills and restarts, also one that is published again",
            arguments: ExampleClient.allCases)
        func exactlyOnce(client: ExampleClient) async throws {
            try await TestBed.with { bed in
                guard try await client.isInstalled(bed) else { return }
                let cluster = try await Cluster.embedded(bed)
                let hook = try await WebHook(bed, answers: 500, 503)
                let publisher = try Publisher(bed, cluster)
                let notifications = try Follower<RecordList>(bed, cluster, cluster.layout.notifications)
                _ = try await Service(bed, cluster).start()
                let consumer = try start(client, bed, cluster, "--url", hook.url)
                try await publisher.submit(["one", "two"], "true")
                try await notifications.count(2)
                try await hook.waitTaken(ids(notifications))
                #expect(hook.posts.map(\.status) == [500, 503, 204, 204], "and each refused one came again")

                consumer.signal(SIGTERM)
                #expect(try await consumer.ended(seconds: 30) == 0)
                try await publisher.submit(["three"], "true")
                // What at-least-once delivery does: the same notification, a second time.
                let again = try await notifications.count(3)
                try await publisher.send(
                    again.map { OutgoingRecord(topic: $0.topic, partition: $0.partition, key: $0.key, value: $0.value) }
                )
                try await publisher.send([
                    OutgoingRecord(topic: cluster.layout.notifications, key: nil, value: Array("no JSON".utf8))
                ])
                let second = try start(client, bed, cluster, "--url", hook.url)
                try await hook.waitTaken(ids(notifications))
                // Killed between the answer and its note of it, it would rightly post again, with the same key.
                try await eventually("three deliveries are noted") { try await noted(bed) == "3" }
                try await second.kill()
                try await publisher.submit(["four"], "true")
                _ = try start(client, bed, cluster, "--url", hook.url)
                try await notifications.count(8)
                try await hook.waitTaken(ids(notifications))
                #expect(Set(hook.taken).count == 4 && hook.taken.count == 4, "\(hook.taken)")
                for post in hook.posts { #expect(post.notification["notification_id"] == .string(post.key)) }
            }
        }

        @Test("only hosts that are allowed get what a task's channels name", arguments: ExampleClient.allCases)
        func allowedHosts(client: ExampleClient) async throws {
            try await TestBed.with { bed in
                guard try await client.isInstalled(bed) else { return }
                let cluster = try await Cluster.embedded(bed)
                // The first answer leads elsewhere, where nobody may be led.
                let hook = try await WebHook(bed, answers: 302)
                let other = try await WebHook(bed)
                _ = try await Service(bed, cluster).start()
                _ = try start(client, bed, cluster, "--allow-host", hook.host, "--type", "task_completed")
                let publisher = try Publisher(bed, cluster)
                let channels: JSONValue = .array([
                    .string("webhook:http://\(hook.host)/led"), .string("webhook:\(other.url)"),
                    .string("webhook:http://\(hook.host)@\(other.host)/trick"), "webhook:nonsense",
                    .string("webhook:http://\(hook.host)/b"),
                ])
                let metadata = JSONObject([.init(name: "notify", value: channels)])
                try await publisher.send([publisher.request("t", "true", metadata: metadata)])
                try await hook.waitTaken(["t/3/task_completed"])
                #expect(hook.posts.map(\.path) == ["/led", "/b"])
                #expect(other.posts.isEmpty)
            }
        }

        @Test(
            "an own URL that refuses ends it without a commit; corrected, it goes on there",
            arguments: ExampleClient.allCases)
        func refused(client: ExampleClient) async throws {
            try await TestBed.with { bed in
                guard try await client.isInstalled(bed) else { return }
                let cluster = try await Cluster.embedded(bed)
                let hook = try await WebHook(bed, answers: 401)
                _ = try await Service(bed, cluster).start()
                let consumer = try start(client, bed, cluster, "--url", hook.url)
                try await Publisher(bed, cluster).submit(["t"], "true")
                #expect(try await consumer.ended() == 1)
                #expect(consumer.logText.contains("refuses what it gets"), "\(consumer.logText)")
                _ = try start(client, bed, cluster, "--url", hook.url)
                try await hook.waitTaken(["t/3/task_completed"])
            }
        }

        private func start(
            _ client: ExampleClient, _ bed: TestBed, _ cluster: Cluster, _ rest: String...
        ) throws -> ChildProcess {
            // The embedded broker waits as long for a member that was killed as the client's session lasts.
            let session =
                client == .confluent ? ["--property", "session.timeout.ms=6000"] : ["--session-timeout", "6"]
            let flags = ["--group", "hook", "--max-backoff", "0.2", "--delivered", bed.path("delivered.sqlite")]
            return try client.start(bed, "notify_webhook", cluster, list: flags + session + rest)
        }

        private func noted(_ bed: TestBed) async throws -> String? {
            let script = """
                import sqlite3, sys
                print(*sqlite3.connect(sys.argv[1]).execute("SELECT COUNT(*) FROM delivered").fetchone())
                """
            return try await bed.run(Programs.python, ["-c", script, bed.path("delivered.sqlite")]).lines.first
        }

        private func ids(_ notifications: Follower<RecordList>) -> [String] {
            notifications.records.compactMap { record in
                record.value.flatMap { try? JSONParser.parse($0).objectValue }?["notification_id"]?.stringValue
            }
        }
    }
}
