import Foundation
import Kafka
import TestKit
import Testing

@Suite("Against a real Kafka", .enabled(if: RealBroker.isThere, "PANDAR_TEST_BOOTSTRAP is not set"), .serialized)
struct RealBrokerTests {
    private let group = RealBroker.unique("group")
    private let id = RealBroker.unique("id")

    private func transactional() throws -> TransactionalProducer {
        try TransactionalProducer(RealBroker.settings(), transactionalID: id, logger: .silent)
    }

    private func code(_ body: () throws -> Void) -> KafkaError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? KafkaError)?.code
        }
    }

    private func joined(
        _ topic: String, _ properties: [String: String] = [:], instance: String? = nil, member: Member = Member()
    ) async throws -> (GroupConsumer, Member) {
        let consumer = try member.join(
            RealBroker.settings(properties), group: group, instance: instance, topics: [topic])
        try await member.seen.wait("a partition") { !$0.assigned.isEmpty }
        return (consumer, member)
    }

    @Test("Topics are made and described; one that exists is named")
    func topics() throws {
        let admin = try Admin(RealBroker.settings(), logger: .silent)
        let topic = try RealBroker.topic(partitions: 3, config: ["cleanup.policy": "compact", "retention.ms": "-1"])
        #expect(try admin.metadata().topics[topic]?.partitions == 3)
        let settings = try admin.describe(topic)
        #expect(settings["cleanup.policy"] == "compact")
        #expect(settings["retention.ms"] == "-1")
        let exists = #expect(throws: KafkaError.self) { try admin.create([NewTopic(name: topic, partitions: 1)]) }
        #expect(exists?.name == "TOPIC_ALREADY_EXISTS")
        #expect(exists?.message.contains(topic) == true)
        let refused = #expect(throws: KafkaError.self) {
            try admin.create([NewTopic(name: RealBroker.unique("bad"), partitions: 1, config: ["no.such": "1"])])
        }
        #expect(refused?.name == "INVALID_CONFIG")
        let unknown = #expect(throws: KafkaError.self) { try admin.describe("no-such-topic") }
        #expect(unknown?.code == .unknownTopicOrPartition)
    }

    @Test("A transaction's records and offsets are there together, or not at all")
    func transactions() async throws {
        let topic = try RealBroker.topic()
        let place = TopicPartition(topic: topic, partition: 0)
        let (consumer, member) = try await joined(topic)
        let producer = try transactional()
        try producer.commit([.text("a", topic: topic)], offsets: [place: 5], as: consumer.membership())
        #expect(try consumer.committed([place], seconds: 30) == [place: 5])
        try await member.seen.wait("the committed record") { $0.texts == ["a"] }
        // The second record is refused by the client, after the first has been written: all is taken back.
        let large = OutgoingRecord(
            topic: topic, partition: 0, key: nil, value: [UInt8](repeating: 0, count: 17_000_000))
        #expect(
            code {
                try producer.commit([.text("b", topic: topic), large], offsets: [place: 6], as: consumer.membership())
            } == .recordTooLarge)
        #expect(try consumer.committed([place], seconds: 30) == [place: 5])
        try producer.commit([.text("c", topic: topic)], offsets: [place: 7], as: consumer.membership())
        try await member.seen.wait("the record after the abort") { $0.texts == ["a", "c"] }
        let read = Observed(Read())
        let reader = try TopicReader(RealBroker.settings(), topic: topic, into: read)
        try await read.wait("the end") { $0.ends[0] != nil }
        #expect(read.value.texts == ["a", "c"])
        reader.close()
        consumer.close()
        producer.close()
    }

    @Test("An empty transaction moves offsets")
    func onlyOffsets() async throws {
        let topic = try RealBroker.topic()
        let place = TopicPartition(topic: topic, partition: 0)
        let (consumer, _) = try await joined(topic)
        let producer = try transactional()
        try producer.commit([], offsets: [place: 3], as: consumer.membership())
        #expect(try consumer.committed([place], seconds: 30) == [place: 3])
        consumer.close()
        producer.close()
    }

    @Test("A newer producer of the same id fences the older one")
    func fencing() async throws {
        let topic = try RealBroker.topic()
        let place = TopicPartition(topic: topic, partition: 0)
        let (consumer, member) = try await joined(topic)
        let old = try transactional()
        try old.commit([.text("a", topic: topic)], offsets: [place: 1], as: consumer.membership())
        let new = try transactional()
        let refusal = try #require(
            code { try old.commit([.text("zombie", topic: topic)], offsets: [place: 9], as: consumer.membership()) })
        #expect([.fenced, .fatal].contains(refusal))
        try new.commit([.text("b", topic: topic)], offsets: [place: 2], as: consumer.membership())
        try await member.seen.wait("the new one's record") { $0.texts.contains("b") }
        #expect(member.seen.value.texts == ["a", "b"])
        #expect(try consumer.committed([place], seconds: 30) == [place: 2])
        // The only way on for the old one.
        try old.reinitialise()
        try old.commit([.text("c", topic: topic)], offsets: [place: 3], as: consumer.membership())
        consumer.close()
        old.close()
        new.close()
    }

    @Test(
        "A member that fell out of its group commits nothing, with or without a transaction",
        arguments: [true, false])
    func formerMember(isTransactional: Bool) async throws {
        let topic = try RealBroker.topic()
        let place = TopicPartition(topic: topic, partition: 0)
        try Producer(RealBroker.settings(), logger: .silent).sendAndWait([.text("x", topic: topic)], seconds: 20)
        // The first member's polling thread hangs until the test lets it go.
        let (hang, isHanging) = (DispatchSemaphore(value: 0), Observed(false))
        let first = Member(gate: {
            guard !isHanging.value else { return }
            isHanging.change { $0 = true }
            hang.wait()
        })
        let zombie = try first.join(
            RealBroker.settings(["max.poll.interval.ms": "6000"]), group: group, topics: [topic])
        try await isHanging.wait("the hang") { $0 }
        let former = try zombie.membership()
        // The group gives the partition to the second when the first has not polled for so long.
        let (successor, _) = try await joined(topic)
        try successor.commit([place: 1], as: successor.membership(), seconds: 20)
        let refusal = code {
            if isTransactional {
                let producer = try transactional()
                try producer.commit([.text("zombie", topic: topic)], offsets: [place: 9], as: former)
            } else {
                try zombie.commit([place: 9], as: former) { _ in }
            }
        }
        #expect(refusal == .fenced)
        #expect(try successor.committed([place], seconds: 30) == [place: 1])
        let read = Observed(Read())
        let reader = try TopicReader(RealBroker.settings(), topic: topic, into: read)
        try await read.wait("the end") { $0.ends[0] != nil }
        #expect(read.value.texts == ["x"])
        reader.close()
        hang.signal()
        successor.close()
        zombie.close()
    }

    @Test("A member that has left commits nothing", arguments: [true, false])
    func hasLeft(isTransactional: Bool) async throws {
        let topic = try RealBroker.topic()
        let place = TopicPartition(topic: topic, partition: 0)
        let (consumer, _) = try await joined(topic)
        let former = try consumer.membership()
        consumer.close()
        let (successor, _) = try await joined(topic)
        let refusal = try #require(
            code {
                if isTransactional {
                    let producer = try transactional()
                    try producer.commit([.text("zombie", topic: topic)], offsets: [place: 9], as: former)
                } else {
                    try consumer.commit([place: 9], as: former) { _ in }
                }
            })
        #expect(isTransactional ? refusal == .fenced : true, "\(refusal)")
        #expect(try successor.committed([place], seconds: 30) == [:])
        successor.close()
    }

    @Test("The ends of a partition, also behind a transaction's marker")
    func watermarks() async throws {
        let topic = try RealBroker.topic()
        let place = TopicPartition(topic: topic, partition: 0)
        let (consumer, _) = try await joined(topic)
        #expect(try consumer.watermarks(place, seconds: 30) == Watermarks.of(0, 0))
        let producer = try transactional()
        try producer.commit(
            [.text("a", topic: topic), .text("b", topic: topic)], offsets: [place: 0], as: consumer.membership())
        #expect(try consumer.watermarks(place, seconds: 30) == Watermarks.of(0, 3))
        let unknown = TopicPartition(topic: topic, partition: 7)
        #expect(code { _ = try consumer.watermarks(unknown, seconds: 2) } == .unknownTopicOrPartition)
        consumer.close()
        producer.close()
    }

    @Test("A static member comes back to its partitions without a rebalance of the others")
    func staticMembership() async throws {
        let topic = try RealBroker.topic(partitions: 2)
        let session = ["session.timeout.ms": "20000"]
        let (one, first) = (Member(), Member())
        let other = try first.join(RealBroker.settings(session), group: group, instance: "other", topics: [topic])
        var consumer = try one.join(RealBroker.settings(session), group: group, instance: "one", topics: [topic])
        try await one.seen.wait("one partition") { $0.assigned.count == 1 }
        try await first.seen.wait("one partition") { $0.assigned.count == 1 }
        let before = first.seen.value
        let places = one.seen.value.assigned
        consumer.close()
        let again = Member()
        consumer = try again.join(RealBroker.settings(session), group: group, instance: "one", topics: [topic])
        try await again.seen.wait("the same partition") { $0.assigned == places }
        #expect(first.seen.value.assignments == before.assignments)
        #expect(first.seen.value.revocations == before.revocations)
        consumer.close()
        other.close()
    }
}
