internal import CRdkafka

/// Reads batches: blocks for the first record, then takes what is there. Passing records on one by one would cost five
/// times as much.
enum RecordPoll {
    /// Milliseconds to wait for the first record.
    static let patience: Int32 = 100

    /// - Parameter event: called for messages that are no records: ends of partitions and errors.
    static func batch(
        _ client: OpaquePointer, limit: Int, wantsHeaders: Bool = true,
        event: (UnsafeMutablePointer<rd_kafka_message_t>) -> Void
    ) -> [KafkaRecord] {
        var records: [KafkaRecord] = []
        var timeout = patience
        while records.count < limit, let message = rd_kafka_consumer_poll(client, timeout) {
            timeout = 0
            if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR {
                records.append(KafkaRecord(message, wantsHeaders: wantsHeaders))
            } else {
                event(message)
            }
            rd_kafka_message_destroy(message)
        }
        return records
    }
}
