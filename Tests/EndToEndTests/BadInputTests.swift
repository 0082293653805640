import Foundation
import Kafka
import TaskModel
import TestKit
import Testing

extension EndToEnd.Interfaces {
    @Suite struct BadInput {
        @Test("each record of the corpus is accepted or dead-lettered with its own reason, byte for byte, twice")
        func corpus() async throws {
            try await TestBed.with { bed in
                let cluster = try await Cluster.embedded(bed)
                let service = try await Service(bed, cluster, settings: Self.settings(bed)).start()
                let status = try Follower<StatusTopic>(bed, cluster, cluster.layout.status)
                let letters = try Follower<RecordList>(bed, cluster, cluster.layout.deadLetters)
                let publisher = try Publisher(bed, cluster)
                try await publisher.send([publisher.request("bystander", "true")])
                let bystander = try await status.task("bystander", is: "failed")

                let sent = try Self.records(cluster.layout)
                let refused = sent.filter { !["accepted", "ignored"].contains($0.fate) }
                try await ForeignClient(bed, cluster).produce(sent.map(\.record))
                let first = try await letters.count(refused.count, seconds: 180)
                try Self.check(first, against: refused)
                // What was accepted is told in full before the replay.
                let accepted = sent.filter { $0.fate == "accepted" }
                try await status.state.until("\(accepted.count) tasks are known") {
                    $0.tasks.count >= accepted.count + 1 ? true : nil
                }

                let replay = try await service.pandar("dead-letters", "replay", "--all", "--reason", "again")
                #expect(try replay.expecting().lines == ["\(refused.count) replayed"])
                let second = try await letters.count(2 * refused.count, seconds: 180)
                try Self.check(Array(second.dropFirst(first.count)), against: refused, isReplay: true)

                try await publisher.send([publisher.request("last", "true")])
                try await status.task("last", is: "failed")
                #expect(letters.records.count == 2 * refused.count)
                #expect(status.state.read(\.tasks.count) == accepted.count + 2)
                #expect(status.task("bystander").steps.count == bystander.steps.count)
                #expect(try service.process.isRunning)
            }
        }

        @Test("of 5,000 mutated records each is accepted or dead-lettered, and the service goes on")
        func fuzz() async throws {
            try await TestBed.with { bed in
                let cluster = try await Cluster.embedded(bed)
                let service = try await Service(bed, cluster, settings: Self.settings(bed)).start()
                let status = try Follower<StatusTopic>(bed, cluster, cluster.layout.status)
                let letters = try Follower<RecordList>(bed, cluster, cluster.layout.deadLetters)
                let publisher = try Publisher(bed, cluster)
                var generator = SeededGenerator(seed: 11)
                let seeds = try CorpusRecord.all().filter { $0.value?.count ?? .max < 400 && $0.channel != .reports }
                let sent = (0..<5_000).map { index -> OutgoingRecord in
                    let seed = seeds[Int.random(in: 0..<seeds.count, using: &generator)]
                    return OutgoingRecord(
                        topic: cluster.layout.topic(seed.channel), key: Array("\(index % 97)".utf8),
                        value: Mutation.mutated(seed.value ?? [], times: 0...3, using: &generator))
                }
                try await publisher.send(sent)
                // Each partition's last record tells when all before it have been dealt with.
                let last = (0..<cluster.layout.partitions).flatMap { partition in
                    [cluster.layout.requests, cluster.layout.confirmations].map {
                        OutgoingRecord(topic: $0, partition: partition, key: nil, value: Array("end".utf8))
                    }
                }
                try await publisher.send(last)
                try await letters.state.until("the last records are dead-lettered", seconds: 120) { state in
                    state.records.count { $0.value == Array("end".utf8) } == last.count ? true : nil
                }
                // What was forwarded to another partition may come after that partition's last record.
                try await eventually("accepted + dead-lettered + duplicates = sent") {
                    let refused = letters.records.count - last.count
                    let known = status.state.read(\.tasks.count)
                    let metrics = try await service.get("/metrics").text
                    return refused + known + Metrics.value("pandar_duplicates_total", in: metrics) == sent.count
                }
                #expect(letters.records.count - last.count > 1_000)
                #expect(status.state.read(\.tasks.count) > 10)
                let ids = status.state.read { Array($0.tasks.keys) }
                try await status.state.until("what can run has ended") { state in
                    ids.allSatisfy { state.tasks[$0].map { $0.hasEnded || $0.isScheduled } ?? false } ? true : nil
                }
                for id in ids { #expect(status.task(id).problem == nil, "\(id)") }
                #expect(try await service.get("/livez").status == 200)
            }
        }

        /// Commands of mutated requests find no program to run.
        private static func settings(_ bed: TestBed) -> ServiceSettings {
            ServiceSettings(["runner.path": bed.path("nothing-here"), "retry.base_seconds": "0"])
        }

        private struct Sent {
            let name: String
            let fate: String
            let record: OutgoingRecord
        }

        /// The corpus and what cannot stand in a file: keys, headers, sizes.
        private static func records(_ layout: TopicLayout) throws -> [Sent] {
            var sent: [Sent] = []
            func add(
                _ name: String, _ fate: String, _ value: [UInt8]?, _ channel: InboundRecord.Channel = .requests,
                key: [UInt8]? = [0xFF, 0x00, 0x80]
            ) {
                let headers = [
                    KafkaHeader(name: "e2e-number", value: Array("\(sent.count)".utf8)),
                    KafkaHeader(name: "latin-1", value: [0xE4, 0xF6, 0xFC]), KafkaHeader(name: "none", value: nil),
                    KafkaHeader(name: "empty", value: []), KafkaHeader(name: "twice", value: [1]),
                    KafkaHeader(name: "twice", value: [2]), KafkaHeader(name: "utf-16", value: [0xFF, 0xFE, 0x41, 0]),
                ]
                let record = OutgoingRecord(topic: layout.topic(channel), key: key, value: value, headers: headers)
                sent.append(Sent(name: name, fate: fate, record: record))
            }
            for entry in try CorpusRecord.all() { add(entry.name, entry.fate, entry.value, entry.channel) }
            let request = Array(#"{"name":"a","command":"a","project_id":1}"#.utf8)
            let decision = #"{"task_id":"nobody","confirmation_id":"c","decision":"approve","actor":"ana"}"#
            add("2 MB", "too_large", [UInt8](repeating: 0x20, count: 2_000_000))
            add("2 MB of JSON", "too_large", request + [UInt8](repeating: 0x20, count: 2_000_000))
            add("no key", "accepted", request, key: nil)
            add("empty key", "accepted", request, key: [])
            add("no key, not JSON", "invalid_json", Array("{".utf8), key: nil)
            add("decision for nothing", "unknown_task", Array(decision.utf8), .confirmations, key: nil)
            add("tombstone of a decision", "tombstone", nil, .confirmations)
            return sent
        }

        /// Each dead letter has the record's bytes, its headers in their order, and its own reason.
        private static func check(_ letters: [KafkaRecord], against sent: [Sent], isReplay: Bool = false) throws {
            let byNumber = Dictionary(grouping: letters) { $0.header("e2e-number") ?? "none" }
            #expect(letters.count == sent.count)
            for each in sent {
                let number = each.record.headers[0].value.map { String(decoding: $0, as: UTF8.self) } ?? ""
                let found = byNumber[number] ?? []
                try #require(found.count == 1, "\(each.name): \(found.count) dead letters")
                let letter = found[0]
                #expect(letter.header("__dlq.errors.reason") == each.fate, "\(each.name)")
                #expect(letter.header("__dlq.errors.topic") == each.record.topic, "\(each.name)")
                #expect(letter.header("__dlq.errors.message")?.isEmpty == false, "\(each.name)")
                #expect(letter.key == each.record.key, "\(each.name)")
                #expect(letter.value == each.record.value, "\(each.name)")
                let own = letter.headers.filter {
                    !$0.name.hasPrefix("__dlq.") && $0.name != InboundRecord.routedHeader
                        && $0.name != "pandar-replay-reason"
                }
                #expect(own == each.record.headers, "\(each.name)")
                #expect((letter.header("pandar-replay-reason") == "again") == isReplay, "\(each.name)")
            }
        }
    }
}

extension TaskHistory {
    var isScheduled: Bool { snapshot["scheduled_at"] != nil || snapshot["next_attempt_at"] != nil }
}
