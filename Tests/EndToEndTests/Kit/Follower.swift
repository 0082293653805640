import Foundation
import Kafka
import TaskModel
import TestKit

/// What a topic's records add up to.
protocol Fold: Sendable {
    init()
    mutating func take(_ record: KafkaRecord)
}

/// All records, in the order in which they came.
struct RecordList: Fold {
    var records: [KafkaRecord] = []

    mutating func take(_ record: KafkaRecord) {
        records.append(record)
    }
}

/// Reads a topic from its beginning on and folds it; independent of the service's own way to do so.
final class Follower<Result: Fold>: Sendable {
    let state = Observed(Result())
    private let reader: TopicReader

    init(_ bed: TestBed, _ cluster: Cluster, _ topic: String) throws {
        let places = (0..<cluster.layout.partitions).map { TopicPartition(topic: topic, partition: $0) }
        let reader = try TopicReader(
            cluster.kafka, start: Dictionary(uniqueKeysWithValues: places.map { ($0, .beginning) }),
            logger: Cluster.logger
        ) { [state] event in
            guard case .records(let records) = event else { return }
            state.change { result in
                for record in records { result.take(record) }
            }
        }
        self.reader = reader
        bed.atEnd { reader.close() }
    }
}

extension Follower<RecordList> {
    var records: [KafkaRecord] { state.read { $0.records } }

    @discardableResult
    func count(_ count: Int, seconds: Double = 120) async throws -> [KafkaRecord] {
        try await state.until("\(count) records", seconds: seconds) { $0.records.count >= count ? $0.records : nil }
    }
}

extension KafkaRecord {
    /// The text of a header.
    func header(_ name: String) -> String? {
        headers.last { $0.name == name }?.value.map { String(decoding: $0, as: UTF8.self) }
    }
}
