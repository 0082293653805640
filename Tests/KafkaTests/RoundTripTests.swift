import Kafka
import TestKit
import Testing

@Suite("Records come out of a topic as they went in")
struct RoundTripTests {
    private let broker: EmbeddedBroker
    private let settings: KafkaSettings
    private let producer: Producer

    init() throws {
        broker = try EmbeddedBroker(topics: ["t": 3], logger: .silent)
        settings = .quick(broker.bootstrap)
        producer = try Producer(settings, logger: .silent)
    }

    @Test("Keys, values and headers are bytes; empty and absent differ; a missing value is a tombstone")
    func bytes() async throws {
        let all = [UInt8](0...255)
        let sent = [
            OutgoingRecord(topic: "t", partition: 0, key: all, value: all.reversed()),
            OutgoingRecord(topic: "t", partition: 0, key: nil, value: []),
            OutgoingRecord(topic: "t", partition: 0, key: [], value: nil),
            OutgoingRecord(
                topic: "t", partition: 0, key: .text("k"), value: .text("v"),
                headers: [
                    KafkaHeader(name: "a", value: all), KafkaHeader(name: "a", value: []),
                    KafkaHeader(name: "ä🐼", value: nil), KafkaHeader(name: "a", value: [0]),
                ]),
        ]
        try producer.sendAndWait(sent, seconds: 20)
        let read = Observed(Read())
        let reader = try TopicReader(settings, into: read)
        let records = try await read.wait("all records") { $0.records.count == 4 }.records
        reader.close()
        #expect(records.map(\.key) == sent.map(\.key))
        #expect(records.map(\.value) == sent.map(\.value))
        #expect(records.map(\.headers) == sent.map(\.headers))
        #expect(records.map(\.offset) == [0, 1, 2, 3])
        #expect(records.allSatisfy { $0.timestampMs > 0 && $0.topic == "t" && $0.partition == 0 })
    }

    @Test("The order within a partition is the order of sending, over many batches")
    func order() async throws {
        let sent = (0..<6_000).map { OutgoingRecord.text("\($0)", partition: Int32($0 % 3)) }
        try producer.sendAndWait(sent, seconds: 60)
        let read = Observed(Read())
        let reader = try TopicReader(
            settings, from: [0: .beginning, 1: .beginning, 2: .beginning], batchLimit: 100, into: read)
        let records = try await read.wait("all records") { $0.records.count == 6_000 }.records
        reader.close()
        for partition in 0..<3 {
            let texts = records.filter { $0.partition == Int32(partition) }.map(\.text)
            #expect(texts == stride(from: partition, to: 6_000, by: 3).map(String.init))
        }
    }

    @Test("Records with one key meet on one partition")
    func partitioner() async throws {
        let sent = (0..<30).map { OutgoingRecord(topic: "t", key: .text("key-\($0 % 5)"), value: .text("\($0)")) }
        try producer.sendAndWait(sent, seconds: 20)
        let read = Observed(Read())
        let reader = try TopicReader(settings, from: [0: .beginning, 1: .beginning, 2: .beginning], into: read)
        let records = try await read.wait("all records") { $0.records.count == 30 }.records
        reader.close()
        let places = Dictionary(grouping: records, by: \.key).mapValues { Set($0.map(\.partition)).count }
        #expect(places.count == 5)
        #expect(places.values.allSatisfy { $0 == 1 })
    }

    @Test("A reader tells the end, reads on from there, and starts where it is told")
    func reader() async throws {
        try producer.sendAndWait((0..<10).map { .text("\($0)") }, seconds: 20)
        let read = Observed(Read())
        let reader = try TopicReader(settings, from: [0: .offset(4)], into: read)
        try await read.wait("the end") { $0.ends[0] == 10 }
        #expect(read.value.texts == (4..<10).map(String.init))
        try producer.sendAndWait([.text("more")], seconds: 20)
        try await read.wait("the new end") { $0.ends[0] == 11 }
        #expect(read.value.texts.last == "more")
        let place = TopicPartition(topic: "t", partition: 0)
        #expect(try reader.watermarks(place, seconds: 30) == Watermarks.of(0, 11))
        reader.close()
        let count = read.value.records.count
        try producer.sendAndWait([.text("after close")], seconds: 20)
        #expect(read.value.records.count == count)
        #expect(read.value.failures.isEmpty)
    }

    @Test("A reader at the end sees only what comes")
    func fromEnd() async throws {
        try producer.sendAndWait([.text("old")], seconds: 20)
        let read = Observed(Read())
        let reader = try TopicReader(settings, from: [0: .end, 1: .beginning], into: read)
        try await read.wait("both ends") { $0.ends == [0: 1, 1: 0] }
        try producer.sendAndWait([.text("new")], seconds: 20)
        try await read.wait("the new record") { $0.texts == ["new"] }
        reader.close()
    }
}

extension Watermarks {
    /// Compared as text: the initializer is not public.
    static func of(_ low: Int64, _ high: Int64) -> WatermarkPair { WatermarkPair(low: low, high: high) }

    static func == (left: Watermarks, right: WatermarkPair) -> Bool { left.low == right.low && left.high == right.high }
}

struct WatermarkPair {
    let low: Int64
    let high: Int64
}
