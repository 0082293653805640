internal import CRdkafka

/// Asks the broker for the ends of a partition.
///
/// `rd_kafka_query_watermark_offsets` is made for this, but before librdkafka 2.3 it ignores its time limit while the
/// broker is away and blocks until it is back.
func queryWatermarks(
    _ client: OpaquePointer, _ partition: TopicPartition, seconds: Double
) throws(KafkaError) -> Watermarks {
    let low = try queryOffset(client, partition, RD_KAFKA_OFFSET_BEGINNING, seconds: seconds)
    let high = try queryOffset(client, partition, RD_KAFKA_OFFSET_END, seconds: seconds)
    return Watermarks(low: low, high: high)
}

/// - Parameter end: stands where the time to look for would; the protocol has numbers below zero for the ends.
private func queryOffset(
    _ client: OpaquePointer, _ partition: TopicPartition, _ end: Int32, seconds: Double
) throws(KafkaError) -> Int64 {
    var offset: Int64 = -1
    let error = withPartitionList([(partition, Int64(end))]) { list in
        let error = rd_kafka_offsets_for_times(client, list, Int32(seconds * 1000))
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR, let entry = entries(list).first else { return error }
        offset = entry.offset
        return entry.error
    }
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR, offset >= 0 else {
        let error = error == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : error
        throw KafkaError(error ?? RD_KAFKA_RESP_ERR__FAIL, "The ends of \(partition) cannot be read")
    }
    return offset
}

/// The end of a partition as the last answers of the broker told it; `nil` before any. Does not block.
func knownEnd(_ client: OpaquePointer, _ partition: TopicPartition) -> Int64? {
    var low: Int64 = 0
    var high: Int64 = 0
    let error = rd_kafka_get_watermark_offsets(client, partition.topic, partition.partition, &low, &high)
    return error == RD_KAFKA_RESP_ERR_NO_ERROR && high >= 0 ? high : nil
}
