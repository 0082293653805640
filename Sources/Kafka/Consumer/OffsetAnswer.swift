internal import CRdkafka

/// Who wants to know what became of a commit of offsets. librdkafka holds it until it has told.
final class OffsetAnswer: Sendable {
    let handler: @Sendable (KafkaError?) -> Void

    init(_ handler: @escaping @Sendable (KafkaError?) -> Void) {
        self.handler = handler
    }
}

/// The broker's answer to a commit of offsets, on the thread that polls the consumer.
func offsetsCommitted(
    _ client: OpaquePointer?, _ error: rd_kafka_resp_err_t,
    _ offsets: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?, _ opaque: UnsafeMutableRawPointer?
) {
    guard let opaque else { return }
    let target = Unmanaged<OffsetAnswer>.fromOpaque(opaque).takeRetainedValue()
    var error = error
    if error == RD_KAFKA_RESP_ERR_NO_ERROR, let offsets {
        error = entries(offsets).map(\.error).first { $0 != RD_KAFKA_RESP_ERR_NO_ERROR } ?? error
    }
    target.handler(error == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaError(error, "Offsets were not committed"))
}
