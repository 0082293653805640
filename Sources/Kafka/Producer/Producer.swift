internal import CRdkafka
public import Logging

/// Writes records: idempotent, ordered per partition, acknowledged by all in-sync replicas.
///
/// Delivery reports come on a thread of the producer's own.
public final class Producer: Sendable {
    let handle: ClientHandle
    private let polling: PollThread

    /// Longest life of a record in the local queue, in milliseconds. What is not acknowledged by then is reported as
    /// timed out, so that nobody waits for ever.
    static let messageTimeoutMs = 10_000

    /// - Parameter lingerMs: how long a record may wait for company; 0 for low latency.
    public convenience init(_ settings: KafkaSettings, lingerMs: Int = 0, logger: Logger) throws(KafkaError) {
        try self.init(
            settings, defaults: ["linger.ms": String(lingerMs), "message.timeout.ms": String(Self.messageTimeoutMs)],
            required: ["enable.idempotence": "true"], logger: logger)
    }

    init(
        _ settings: KafkaSettings, defaults: [String: String], required: [String: String], logger: Logger
    ) throws(KafkaError) {
        var defaults = defaults
        defaults["partitioner"] = "murmur2_random"
        defaults["queue.buffering.max.messages"] = "200000"
        // What could be read must be writable, as a dead letter at least: the broker decides what is too large, not the
        // client with a limit below the broker's.
        defaults["message.max.bytes"] = "16000000"
        let configuration = try ClientConfiguration(settings.withoutConsumer, defaults: defaults, required: required)
        let handle = try ClientHandle(RD_KAFKA_PRODUCER, configuration, logger: logger)
        self.handle = handle
        polling = PollThread(
            name: "kafka-producer", step: { _ = rd_kafka_poll(handle.pointer, 100) },
            // librdkafka forgets what is queued; those who wait for it must hear of that.
            last: { Self.purge(handle) })
    }

    /// Puts a record into the queue. Does not block; throws `.queueFull` when there is no room.
    public func send(
        _ record: OutgoingRecord,
        onDelivery: (@Sendable (Result<DeliveredOffset, KafkaError>) -> Void)? = nil
    ) throws(KafkaError) {
        try enqueue(record, onDelivery.map(SingleDelivery.init))
    }

    /// Puts records into the queue in order, waits where it is full, and waits until all are acknowledged.
    ///
    /// - Returns: the offset after the last of them, by partition (of whatever topic).
    @discardableResult
    public func sendAndWait(_ records: [OutgoingRecord], seconds: Double) throws(KafkaError) -> [Int32: Int64] {
        guard !records.isEmpty else { return [:] }
        let delivery = BatchDelivery(count: records.count)
        for record in records {
            while true {
                do throws(KafkaError) {
                    try enqueue(record, delivery)
                    break
                } catch {
                    guard error.code == .queueFull else { throw error }
                    // Delivery reports are what makes room.
                    _ = rd_kafka_flush(handle.pointer, 10)
                }
            }
        }
        return try delivery.wait(seconds: seconds)
    }

    private func enqueue(_ record: OutgoingRecord, _ delivery: Delivery?) throws(KafkaError) {
        let headers = record.headers.isEmpty ? nil : rd_kafka_headers_new(record.headers.count)
        for header in record.headers {
            header.value.withOptionalBytes { bytes, count in
                _ = rd_kafka_header_add(headers, header.name, -1, bytes, count)
            }
        }
        let target = delivery.map { Unmanaged.passRetained($0) }
        let error = record.key.withOptionalBytes { key, keyCount in
            record.value.withOptionalBytes { value, valueCount in
                pandar_rdkafka_produce(
                    handle.pointer, record.topic, record.partition ?? RD_KAFKA_PARTITION_UA, key, keyCount, value,
                    valueCount, headers, target?.toOpaque())
            }
        }
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
            target?.release()
            if let headers { rd_kafka_headers_destroy(headers) }
            throw KafkaError(error, "A record for \(record.topic) was not accepted")
        }
    }

    /// Asks a broker for metadata, to see whether one answers. Blocks.
    public func probe(seconds: Double) throws(KafkaError) {
        var metadata: UnsafePointer<rd_kafka_metadata>?
        let error = rd_kafka_metadata(handle.pointer, 0, nil, &metadata, Int32(seconds * 1000))
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(error, "No broker answered within \(Int(seconds)) s")
        }
        rd_kafka_metadata_destroy(metadata)
    }

    /// Records that are not acknowledged yet.
    public var outstanding: Int { Int(rd_kafka_outq_len(handle.pointer)) }

    /// Waits until all records are acknowledged or given up.
    public func flush(seconds: Double) throws(KafkaError) {
        let error = rd_kafka_flush(handle.pointer, Int32(seconds * 1000))
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(error, "Records were not acknowledged") }
    }

    /// Drops what is queued, so that it is not written later.
    func purge() {
        Self.purge(handle)
    }

    private static func purge(_ handle: ClientHandle) {
        _ = rd_kafka_purge(handle.pointer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
        _ = rd_kafka_flush(handle.pointer, 100)
    }

    /// Stops the polling thread. What is not acknowledged is dropped and told as failed; flush first.
    public func close() {
        polling.join()
    }

    deinit {
        polling.stop()
    }
}

extension Optional<[UInt8]> {
    /// The bytes for the length of `body`. An empty array has an address, `nil` has none: Kafka tells them apart.
    func withOptionalBytes<Value>(_ body: (UnsafeRawPointer?, Int) -> Value) -> Value {
        guard let self else { return body(nil, 0) }
        guard !self.isEmpty else { return withUnsafeBytes(of: UInt8(0)) { body($0.baseAddress, 0) } }
        return self.withUnsafeBytes { body($0.baseAddress, $0.count) }
    }
}

extension KafkaSettings {
    /// Without properties that only consumers know; librdkafka would warn about each.
    var withoutConsumer: KafkaSettings {
        var copy = self
        for name in ["group.id", "group.instance.id", "session.timeout.ms", "max.poll.interval.ms"] {
            copy.properties[name] = nil
        }
        return copy
    }
}
