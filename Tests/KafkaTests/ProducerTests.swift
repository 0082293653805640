import Kafka
import TestKit
import Testing

@Suite("A producer says what became of every record")
struct ProducerTests {
    private let broker: EmbeddedBroker

    init() throws {
        broker = try EmbeddedBroker(topics: ["t": 1], logger: .silent)
    }

    private func producer(_ properties: [String: String] = [:]) throws -> Producer {
        try Producer(.quick(broker.bootstrap, properties), logger: .silent)
    }

    private func code(_ body: () throws -> Void) -> KafkaError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? KafkaError)?.code
        }
    }

    @Test("Each delivery is told once, with its offset")
    func deliveries() async throws {
        let producer = try producer()
        let offsets = Observed<[Int64]>([])
        for index in 0..<100 {
            try producer.send(.text("\(index)")) { result in
                if case .success(let delivered) = result { offsets.change { $0.append(delivered.offset) } }
            }
        }
        try producer.flush(seconds: 60)
        try await offsets.wait("all deliveries") { $0.sorted() == Array(0..<100) }
        #expect(producer.outstanding == 0)
        producer.close()
    }

    @Test("A record that is too large is refused as such, and others go on")
    func tooLarge() throws {
        let producer = try producer()
        let large = OutgoingRecord(topic: "t", partition: 0, key: nil, value: [UInt8](repeating: 0, count: 17_000_000))
        #expect(code { try producer.send(large) } == .recordTooLarge)
        #expect(code { try producer.sendAndWait([.text("a"), large], seconds: 60) } == .recordTooLarge)
        try producer.sendAndWait([.text("b")], seconds: 60)
    }

    @Test("A full queue is told at once, and has room again when the broker is back")
    func queueFull() async throws {
        let producer = try producer(["queue.buffering.max.messages": "10"])
        broker.setDown(true)
        for _ in 0..<10 { try producer.send(.text("x")) }
        #expect(code { try producer.send(.text("x")) } == .queueFull)
        broker.setDown(false)
        // More than fit at once: it waits for room.
        try producer.sendAndWait((0..<50).map { .text("\($0)") }, seconds: 60)
    }

    @Test("While the broker is away records time out; once it is back they are written")
    func brokerDown() throws {
        let producer = try producer(["message.timeout.ms": "5000"])
        try producer.sendAndWait([.text("before")], seconds: 60)
        broker.setDown(true)
        #expect(code { try producer.sendAndWait([.text("lost")], seconds: 60) } == .timedOut)
        broker.setDown(false)
        // The client may meet the end of its old connection first.
        let last = (0..<20).lazy.map { _ in code { try producer.sendAndWait([.text("after")], seconds: 60) } }
            .first { $0 == nil }
        #expect(last == .some(nil))
    }

    @Test("Waiting has an end of its own")
    func waiting() throws {
        let producer = try producer()
        broker.setDown(true)
        #expect(code { try producer.sendAndWait([.text("x")], seconds: 0.2) } == .timedOut)
        #expect(code { try producer.flush(seconds: 0.2) } == .timedOut)
    }

    @Test("What a closed or dropped producer had not written is told as not written", arguments: [true, false])
    func closed(isClosed: Bool) async throws {
        let failures = Observed(0)
        do {
            let producer = try producer()
            broker.setDown(true)
            for _ in 0..<5 {
                try producer.send(.text("x")) { result in
                    if case .failure = result { failures.change { $0 += 1 } }
                }
            }
            if isClosed { producer.close() }
        }
        try await failures.wait("all told") { $0 == 5 }
    }

    @Test("An unknown topic is made by the embedded broker, with four partitions")
    func unknownTopic() throws {
        let producer = try producer()
        try producer.sendAndWait([.text("x", topic: "new", partition: 3)], seconds: 60)
        #expect(
            code { try producer.sendAndWait([.text("x", topic: "new", partition: 9)], seconds: 60) }
                == .unknownTopicOrPartition)
    }
}
