internal import Kafka

/// How far a reader has come in each partition.
struct Positions: Sendable {
    private var next: [TopicPartition: Int64] = [:]

    /// The reader has read everything before `offset`.
    mutating func advance(_ partition: TopicPartition, to offset: Int64) {
        next[partition] = max(next[partition] ?? 0, offset)
    }

    /// Takes in what the reader brought.
    mutating func note(_ event: ReaderEvent) {
        switch event {
        case .records(let records):
            for record in records {
                advance(TopicPartition(topic: record.topic, partition: record.partition), to: record.offset + 1)
            }
        case .end(let partition, let offset): advance(partition, to: offset)
        case .failed: break
        }
    }

    /// Whether everything before `targets` has been read. A partition whose target is 0 has nothing to read.
    func reached(_ targets: [TopicPartition: Int64]) -> Bool {
        targets.allSatisfy { partition, target in target == 0 || (next[partition] ?? 0) >= target }
    }
}
