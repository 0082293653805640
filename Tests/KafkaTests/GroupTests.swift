import Kafka
import TestKit
import Testing

@Suite("Members of a group share partitions")
struct GroupTests {
    private let broker: EmbeddedBroker
    private let settings: KafkaSettings
    private let producer: Producer

    init() throws {
        broker = try EmbeddedBroker(topics: ["t": 4, "u": 4], logger: .silent)
        settings = .quick(broker.bootstrap)
        producer = try Producer(settings, logger: .silent)
    }

    private func places(_ partitions: Int32..., topics: [String] = ["t"]) -> Set<TopicPartition> {
        Set(topics.flatMap { topic in partitions.map { TopicPartition(topic: topic, partition: $0) } })
    }

    @Test("Two members get the same partitions of every topic; one that leaves gives its own to the other")
    func sharing() async throws {
        let (first, second) = (Member(), Member())
        let topics = ["t", "u"]
        let firstConsumer = try first.join(settings, topics: topics)
        let everything = places(0, 1, 2, 3, topics: topics)
        try await first.seen.wait("everything is the first's") { $0.assigned == everything }
        let secondConsumer = try second.join(settings, topics: topics)
        // A slow machine may see more than one rebalance on the way: what counts is where they end.
        let halves = [places(0, 1, topics: topics), places(2, 3, topics: topics)]
        try await second.seen.wait("the second has its half") { halves.contains($0.assigned) }
        let other = try #require(halves.first { $0 != second.seen.value.assigned })
        try await first.seen.wait("the first has the other half") { $0.assigned == other && $0.revocations > 0 }
        secondConsumer.close()
        #expect(second.seen.value.assigned == [])
        try await first.seen.wait("everything is the first's again") { $0.assigned == everything }
        firstConsumer.close()
        #expect(first.seen.value.assigned == [])
    }

    @Test("Members read on from what was committed")
    func commits() async throws {
        try producer.sendAndWait((0..<10).map { .text("\($0)") }, seconds: 60)
        let place = TopicPartition(topic: "t", partition: 0)
        let other = TopicPartition(topic: "t", partition: 1)
        let member = Member()
        let consumer = try member.join(settings)
        try await member.seen.wait("all records") { $0.texts(0).count == 10 }
        #expect(try consumer.committed([place, other], seconds: 60) == [:])
        try consumer.commit([place: 7], as: consumer.membership(), seconds: 60)
        #expect(try consumer.committed([place, other], seconds: 60) == [place: 7])
        #expect(try consumer.watermarks(place, seconds: 60) == Watermarks.of(0, 10))
        consumer.close()
        let next = Member()
        let nextConsumer = try next.join(settings)
        try await next.seen.wait("what was not committed") { $0.texts(0) == ["7", "8", "9"] }
        nextConsumer.close()
    }

    @Test("A paused partition brings nothing while others go on, and then everything in order")
    func pausing() async throws {
        let member = Member()
        let consumer = try member.join(settings)
        try await member.seen.wait("partitions") { $0.assigned.count == 4 }
        let paused = TopicPartition(topic: "t", partition: 0)
        consumer.pause([paused])
        try producer.sendAndWait(
            (0..<100).flatMap { [.text("\($0)"), .text("\($0)", partition: 1)] }, seconds: 60)
        let seen = try await member.seen.wait("the other partition") { $0.texts(1).count == 100 }
        // Membership and polling go on.
        try await member.seen.wait("more turns") { $0.polls > seen.polls + 5 }
        #expect(member.seen.value.texts(0) == [])
        consumer.resume([paused])
        try await member.seen.wait("the rest") { $0.texts(0) == (0..<100).map(String.init) }
        consumer.close()
    }

    @Test("A member that rejoins gets its partitions again")
    func rejoining() async throws {
        let member = Member()
        let consumer = try member.join(settings)
        try await member.seen.wait("partitions") { $0.assigned.count == 4 }
        consumer.rejoin()
        // A slow machine may see more than one rebalance on the way.
        try await member.seen.wait("partitions again") { $0.assignments >= 2 && $0.assigned.count == 4 }
        #expect(member.seen.value.revocations >= 1)
        consumer.close()
    }

    @Test("A member that is dropped without being closed leaves, and nothing hangs")
    func dropped() async throws {
        let member = Member()
        var consumer: GroupConsumer? = try member.join(settings)
        try await member.seen.wait("partitions") { $0.assigned.count == 4 }
        _ = consumer?.pause([])
        consumer = nil
        let next = Member()
        let nextConsumer = try next.join(settings)
        try await next.seen.wait("the dropped one's partitions") { $0.assigned.count == 4 }
        nextConsumer.close()
    }

    @Test("Closing twice, and asking a closed member, are harmless")
    func closedTwice() async throws {
        let member = Member()
        let consumer = try member.join(settings)
        try await member.seen.wait("partitions") { $0.assigned.count == 4 }
        let membership = try consumer.membership()
        consumer.close()
        consumer.close()
        consumer.pause([TopicPartition(topic: "t", partition: 0)])
        #expect(throws: KafkaError.self) {
            try consumer.commit([TopicPartition(topic: "t", partition: 0): 1], as: membership) { _ in }
        }
    }

    @Test("Members and readers find the broker again after it was away")
    func brokerAway() async throws {
        let member = Member()
        let consumer = try member.join(settings)
        let read = Observed(Read())
        let reader = try TopicReader(settings, into: read)
        try await member.seen.wait("partitions") { $0.assigned.count == 4 }
        try await read.wait("the end") { $0.ends[0] == 0 }
        broker.setDown(true)
        #expect(throws: KafkaError.self) {
            try consumer.watermarks(TopicPartition(topic: "t", partition: 0), seconds: 0.5)
        }
        broker.setDown(false)
        try producer.sendAndWait([.text("back")], seconds: 60)
        try await member.seen.wait("the record at the member") { $0.texts == ["back"] }
        try await read.wait("the record at the reader") { $0.texts == ["back"] }
        consumer.close()
        reader.close()
    }
}
