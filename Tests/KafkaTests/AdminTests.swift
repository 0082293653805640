import Kafka
import Testing

@Suite("Admin tells of the cluster")
struct AdminTests {
    @Test("Brokers, topics and the cluster's id")
    func metadata() throws {
        let broker = try EmbeddedBroker(topics: ["a": 1, "b": 7], logger: .silent)
        let metadata = try Admin(.quick(broker.bootstrap), logger: .silent).metadata()
        #expect(metadata.topics.mapValues(\.partitions) == ["a": 1, "b": 7])
        #expect(metadata.brokers == [broker.bootstrap])
        #expect(metadata.clusterID?.isEmpty == false)
    }

    @Test("Two embedded brokers are two clusters: what was folded of one must not be taken for the other's")
    func clusterIDs() throws {
        // librdkafka makes the id of an address in memory: distinct while both live.
        let brokers = try (0..<2).map { _ in try EmbeddedBroker(topics: [:], logger: .silent) }
        let ids = try brokers.map { try Admin(.quick($0.bootstrap), logger: .silent).metadata().clusterID }
        #expect(ids[0] != ids[1])
    }

    @Test("A broker that does not answer: the error names the address and says what to look at")
    func unreachable() throws {
        let admin = try Admin(.quick("127.0.0.1:1"), logger: .silent)
        let error = #expect(throws: KafkaError.self) { try admin.metadata(seconds: 1) }
        #expect(error?.code == .unreachable)
        #expect(
            error?.message.hasPrefix("No Kafka broker answered at 127.0.0.1:1 within 1 s; check the address") == true)
    }

    @Test("A fixed port leads to the embedded broker; one that is taken is named")
    func fixedPort() async throws {
        let first = try EmbeddedBroker(topics: [:], logger: .silent)
        let taken = try #require(UInt16(first.bootstrap.split(separator: ":").last ?? ""))
        let error = #expect(throws: KafkaError.self) {
            try EmbeddedBroker(topics: [:], listen: (host: "127.0.0.1", port: taken), logger: .silent)
        }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("cannot listen on 127.0.0.1:\(taken): Address already in use") == true)
        let port = try freePort()
        let broker = try EmbeddedBroker(topics: ["t": 1], listen: (host: "127.0.0.1", port: port), logger: .silent)
        #expect(broker.bootstrap == "127.0.0.1:\(port)")
        let producer = try Producer(.quick(broker.bootstrap), logger: .silent)
        try producer.sendAndWait([.text("x")], seconds: 20)
    }

    /// A port that the system has just given up.
    private func freePort() throws -> UInt16 {
        let broker = try EmbeddedBroker(topics: [:], logger: .silent)
        return try #require(UInt16(broker.bootstrap.split(separator: ":").last ?? ""))
    }

    @Test("Errors that the broker answers are named")
    func brokerErrors() throws {
        let broker = try EmbeddedBroker(topics: ["t": 1], logger: .silent)
        let producer = try Producer(.quick(broker.bootstrap), logger: .silent)
        try producer.sendAndWait([.text("x")], seconds: 20)
        // Produce (0) is answered once with TOPIC_AUTHORIZATION_FAILED (29).
        broker.fail(requestsOf: 0, with: [29])
        let error = #expect(throws: KafkaError.self) { try producer.sendAndWait([.text("x")], seconds: 20) }
        #expect(error?.code == .authorization)
        #expect(error?.name == "TOPIC_AUTHORIZATION_FAILED")
    }
}
