internal import Kafka

extension [KafkaRecord] {
    /// The offset after the last record of each partition: one word to those who wait, not one a record.
    var ends: [Int32: Int64] {
        reduce(into: [:]) { $0[$1.partition] = $1.offset + 1 }
    }
}
