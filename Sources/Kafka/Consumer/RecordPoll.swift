internal import CRdkafka

/// Reads batches: blocks for the first record, then takes what is there. Passing records on one by one would cost five
/// times as much.
enum RecordPoll {
    /// Milliseconds to wait for the first record.
    static let patience: Int32 = 100

    /// - Parameter event: called for messages that are no records: ends of partitions and errors.
    static func batch(
        _ client: OpaquePointer, limit: Int, event: (UnsafeMutablePointer<rd_kafka_message_t>) -> Void
    ) -> [KafkaRecord] {
        var records: [KafkaRecord] = []
        var timeout = patience
        while records.count < limit, let message = rd_kafka_consumer_poll(client, timeout) {
            timeout = 0
            if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR {
                records.append(KafkaRecord(message))
            } else {
                event(message)
            }
            rd_kafka_message_destroy(message)
        }
        return records
    }
}

/// The end of a partition as the last answers of the broker told it; `nil` before any. Does not block.
func knownEnd(_ client: OpaquePointer, _ partition: TopicPartition) -> Int64? {
    var low: Int64 = 0
    var high: Int64 = 0
    let error = rd_kafka_get_watermark_offsets(client, partition.topic, partition.partition, &low, &high)
    return error == RD_KAFKA_RESP_ERR_NO_ERROR && high >= 0 ? high : nil
}

func queryWatermarks(
    _ client: OpaquePointer, _ partition: TopicPartition, seconds: Double
) throws(KafkaError) -> Watermarks {
    var low: Int64 = 0
    var high: Int64 = 0
    let error = rd_kafka_query_watermark_offsets(
        client, partition.topic, partition.partition, &low, &high, Int32(seconds * 1000))
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
        throw KafkaError(error, "The ends of \(partition) cannot be read")
    }
    return Watermarks(low: low, high: high)
}
