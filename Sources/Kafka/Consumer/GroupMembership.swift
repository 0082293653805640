internal import CRdkafka

/// A member's place in one generation of its group, as it was when partitions were assigned.
///
/// A commit shows the membership under which its partitions came: what the consumer is at the moment of the commit may
/// be a later generation, in which somebody else owns them.
public struct GroupMembership: Hashable, Sendable {
    /// librdkafka's own coding of group, generation, member and instance.
    private let coded: [UInt8]

    init(_ consumer: OpaquePointer) throws(KafkaError) {
        guard let metadata = rd_kafka_consumer_group_metadata(consumer) else {
            throw KafkaError(.fenced, "The consumer is not a member of its group")
        }
        defer { rd_kafka_consumer_group_metadata_destroy(metadata) }
        var buffer: UnsafeMutableRawPointer?
        var size = 0
        if let error = rd_kafka_consumer_group_metadata_write(metadata, &buffer, &size) {
            throw KafkaError(taking: error, "The membership cannot be told")
        }
        coded = [UInt8](UnsafeRawBufferPointer(start: buffer, count: size))
        rd_kafka_mem_free(nil, buffer)
    }

    /// Lends librdkafka's object to `body`.
    func withMetadata<Value>(_ body: (OpaquePointer) -> Value) throws(KafkaError) -> Value {
        var metadata: OpaquePointer?
        let error = coded.withUnsafeBytes {
            rd_kafka_consumer_group_metadata_read(&metadata, $0.baseAddress, $0.count)
        }
        if let error { throw KafkaError(taking: error, "The membership cannot be read") }
        guard let metadata else { throw KafkaError(.fenced, "The consumer is not a member of its group") }
        defer { rd_kafka_consumer_group_metadata_destroy(metadata) }
        return body(metadata)
    }
}
