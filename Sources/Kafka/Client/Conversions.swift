internal import CRdkafka

extension KafkaRecord {
    /// Copies a message; the caller destroys it afterwards.
    init(_ message: UnsafeMutablePointer<rd_kafka_message_t>, wantsHeaders: Bool) {
        let content = message.pointee
        var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let timestamp = rd_kafka_message_timestamp(message, &kind)
        self.init(
            topic: content.rkt.flatMap { rd_kafka_topic_name($0) }.map { String(cString: $0) } ?? "",
            partition: content.partition, offset: content.offset,
            timestampMs: max(0, timestamp),
            key: content.key.map { Array(UnsafeRawBufferPointer(start: $0, count: content.key_len)) },
            value: content.payload.map { Array(UnsafeRawBufferPointer(start: $0, count: content.len)) },
            headers: wantsHeaders ? Self.headers(of: message) : [],
            hasBrokerTime: kind == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME)
    }

    private static func headers(of message: UnsafeMutablePointer<rd_kafka_message_t>) -> [KafkaHeader] {
        var list: OpaquePointer?
        guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return [] }
        var headers: [KafkaHeader] = []
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while rd_kafka_header_get_all(list, headers.count, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR {
            headers.append(
                KafkaHeader(
                    // Names that are not UTF-8 are repaired.
                    name: name.map { String(cString: $0) } ?? "",
                    value: value.map { Array(UnsafeRawBufferPointer(start: $0, count: size)) }))
        }
        return headers
    }
}

/// Builds a partition list for the length of `body`.
func withPartitionList<Value>(
    _ offsets: some Collection<(TopicPartition, Int64)>,
    _ body: (UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) -> Value
) -> Value? {
    guard let list = rd_kafka_topic_partition_list_new(Int32(offsets.count)) else { return nil }
    defer { rd_kafka_topic_partition_list_destroy(list) }
    for (place, offset) in offsets {
        rd_kafka_topic_partition_list_add(list, place.topic, place.partition)?.pointee.offset = offset
    }
    return body(list)
}

/// The entries of a partition list with their offsets and errors.
func entries(
    _ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>
) -> [(place: TopicPartition, offset: Int64, error: rd_kafka_resp_err_t)] {
    (0..<Int(list.pointee.cnt)).map { index in
        let entry = list.pointee.elems[index]
        return (
            TopicPartition(topic: String(cString: entry.topic), partition: entry.partition), entry.offset, entry.err
        )
    }
}
