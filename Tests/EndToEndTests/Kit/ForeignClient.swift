import Foundation
import Kafka
import TaskModel
import Testing

/// Python's confluent-kafka with its own defaults: what a producer or reader elsewhere would be.
struct ForeignClient: Sendable {
    let bed: TestBed
    let bootstrap: String

    init(_ bed: TestBed, _ cluster: Cluster) {
        self.bed = bed
        bootstrap = cluster.bootstrap
    }

    /// Publishes records; their partitions are chosen by the client's own partitioner.
    @discardableResult
    func produce(_ records: [OutgoingRecord]) async throws -> [DeliveredPlace] {
        let lines = records.map { record in
            var object = JSONObject()
            object["topic"] = .string(record.topic)
            object["key"] = record.key.map { .string(Data($0).base64EncodedString()) }
            object["value"] = record.value.map { .string(Data($0).base64EncodedString()) }
            object["headers"] = .array(
                record.headers.map {
                    .array([.string($0.name), $0.value.map { .string(Data($0).base64EncodedString()) } ?? .null])
                })
            return JSONWriter.bytes(of: .object(object))
        }
        let result = try await bed.run(
            Programs.python, [Programs.client("client.py"), bootstrap, "produce"],
            input: Data(lines.flatMap { $0 + [UInt8(ascii: "\n")] }))
        return try result.expecting().jsonLines().map {
            DeliveredPlace(
                partition: Int32(try #require($0["partition"]?.integerValue)),
                offset: try #require($0["offset"]?.integerValue))
        }
    }

    @discardableResult
    func produce(_ topic: String, key: String? = nil, value: String) async throws -> DeliveredPlace {
        let record = OutgoingRecord(topic: topic, key: key.map { Array($0.utf8) }, value: Array(value.utf8))
        return try #require(try await produce([record]).first)
    }

    /// What the topics hold now.
    func read(_ topics: String...) async throws -> [KafkaRecord] {
        let result = try await bed.run(
            Programs.python, [Programs.client("client.py"), bootstrap, "read"] + topics)
        return try result.expecting().jsonLines().map { object in
            KafkaRecord(
                topic: object["topic"]?.stringValue ?? "", partition: Int32(object["partition"]?.integerValue ?? -1),
                offset: object["offset"]?.integerValue ?? -1, timestampMs: 0, key: Self.bytes(object["key"]),
                value: Self.bytes(object["value"]),
                headers: (object["headers"]?.arrayValue ?? []).compactMap(\.arrayValue).map {
                    KafkaHeader(name: $0[0].stringValue ?? "", value: Self.bytes($0[1]))
                })
        }
    }

    private static func bytes(_ value: JSONValue?) -> [UInt8]? {
        value?.stringValue.flatMap { Data(base64Encoded: $0) }.map { [UInt8]($0) }
    }
}

/// Where a record was written.
struct DeliveredPlace: Hashable, Sendable {
    let partition: Int32
    let offset: Int64
}
