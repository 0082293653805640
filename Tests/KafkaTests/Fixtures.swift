import Kafka
import Logging
import TestKit

extension Logger {
    static var silent: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}

extension KafkaSettings {
    /// Of a broker, with the shortest session that the embedded one allows.
    static func quick(_ bootstrap: String, _ properties: [String: String] = [:]) -> KafkaSettings {
        var all = ["session.timeout.ms": "6000", "heartbeat.interval.ms": "200", "reconnect.backoff.ms": "20"]
        all.merge(properties) { $1 }
        return KafkaSettings(bootstrapServers: bootstrap, properties: all)
    }
}

extension [UInt8]? {
    static func text(_ text: String) -> [UInt8]? { Array(text.utf8) }
}

extension KafkaRecord {
    var text: String { value.map { String(decoding: $0, as: UTF8.self) } ?? "-" }
}

extension OutgoingRecord {
    static func text(_ text: String, topic: String = "t", partition: Int32? = 0) -> OutgoingRecord {
        OutgoingRecord(topic: topic, partition: partition, key: nil, value: Array(text.utf8))
    }
}

/// What a reader brought.
struct Read: Sendable {
    var records: [KafkaRecord] = []
    /// The last end of each partition.
    var ends: [Int32: Int64] = [:]
    var failures: [KafkaError] = []

    var texts: [String] { records.map(\.text) }
}

extension TopicReader {
    /// Reads into `read`.
    convenience init(
        _ settings: KafkaSettings, topic: String = "t", from start: [Int32: StartOffset] = [0: .beginning],
        batchLimit: Int = 5000, into read: Observed<Read>
    ) throws {
        let places = start.map { (TopicPartition(topic: topic, partition: $0.key), $0.value) }
        try self.init(
            settings, start: Dictionary(uniqueKeysWithValues: places), batchLimit: batchLimit, logger: .silent
        ) { event in
            read.change {
                switch event {
                case .records(let records): $0.records += records
                case .end(let place, let offset): $0.ends[place.partition] = offset
                case .failed(let error): $0.failures.append(error)
                }
            }
        }
    }
}

/// A member of a group as a delegate sees it.
final class Member: GroupConsumerDelegate {
    struct Seen: Sendable {
        var records: [KafkaRecord] = []
        var assigned: Set<TopicPartition> = []
        var assignments = 0
        var revocations = 0
        var polls = 0

        var texts: [String] { records.map(\.text) }
        func texts(_ partition: Int32) -> [String] { records.filter { $0.partition == partition }.map(\.text) }
    }

    let seen = Observed(Seen())
    /// Run on the polling thread before records are taken in.
    private let gate: (@Sendable () -> Void)?

    init(gate: (@Sendable () -> Void)? = nil) {
        self.gate = gate
    }

    func consumer(_ consumer: GroupConsumer, received records: [KafkaRecord]) {
        gate?()
        seen.change { $0.records += records }
    }

    func consumer(_ consumer: GroupConsumer, assigned partitions: [TopicPartition]) {
        seen.change {
            $0.assigned.formUnion(partitions)
            $0.assignments += 1
        }
    }

    func consumer(_ consumer: GroupConsumer, revoked partitions: [TopicPartition], isLost: Bool) {
        seen.change {
            $0.assigned.subtract(partitions)
            $0.revocations += 1
        }
    }

    func consumerPolled(_ consumer: GroupConsumer) {
        seen.change { $0.polls += 1 }
    }

    func join(
        _ settings: KafkaSettings, group: String = "g", instance: String? = nil, topics: [String] = ["t"]
    ) throws -> GroupConsumer {
        try GroupConsumer(
            settings, groupID: group, instanceID: instance, topics: topics, delegate: self, logger: .silent)
    }
}
