internal import CRdkafka
public import Logging

/// What a reader brings, in order per partition.
public enum ReaderEvent: Sendable {
    case records([KafkaRecord])
    /// Everything before `offset` has been read; the partition has no more for now.
    case end(TopicPartition, offset: Int64)
    /// A partition cannot be read at the moment.
    case failed(KafkaError)
}

/// Where a reader starts.
public enum StartOffset: Hashable, Sendable {
    case beginning, end
    case offset(Int64)

    var raw: Int64 {
        switch self {
        case .beginning: Int64(RD_KAFKA_OFFSET_BEGINNING)
        case .end: Int64(RD_KAFKA_OFFSET_END)
        case .offset(let offset): offset
        }
    }
}

/// Reads given partitions outside any group, on a thread of its own.
public final class TopicReader: Sendable {
    private let handle: ClientHandle
    private let polling: PollThread

    /// - Parameters:
    ///   - wantsHeaders: `false` leaves the headers of records out: copying them costs more than all the rest.
    ///   - handler: called on the reader's thread; reading waits while it works.
    public init(
        _ settings: KafkaSettings, start: [TopicPartition: StartOffset], fetchWaitMs: Int = 10, batchLimit: Int = 5000,
        wantsHeaders: Bool = true, logger: Logger, handler: @escaping @Sendable (ReaderEvent) -> Void
    ) throws(KafkaError) {
        let configuration = try ClientConfiguration(
            settings,
            defaults: [
                "fetch.wait.max.ms": String(fetchWaitMs), "fetch.error.backoff.ms": "50", "socket.timeout.ms": "10000",
            ],
            required: [
                // librdkafka wants a group id even of a consumer that joins no group.
                "group.id": "pandar-reader", "enable.auto.commit": "false", "enable.auto.offset.store": "false",
                "enable.partition.eof": "true", "auto.offset.reset": "earliest",
                "isolation.level": "read_committed",
            ])
        let handle = try ClientHandle(RD_KAFKA_CONSUMER, configuration, logger: logger)
        rd_kafka_poll_set_consumer(handle.pointer)
        let error = withPartitionList(start.map { ($0.key, $0.value.raw) }) { rd_kafka_assign(handle.pointer, $0) }
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(error ?? RD_KAFKA_RESP_ERR__FAIL, "Partitions cannot be read")
        }
        self.handle = handle
        polling = PollThread(name: "kafka-reader") {
            var ends: [ReaderEvent] = []
            let records = RecordPoll.batch(handle.pointer, limit: batchLimit, wantsHeaders: wantsHeaders) { message in
                let content = message.pointee
                let topic = content.rkt.flatMap { rd_kafka_topic_name($0) }.map { String(cString: $0) } ?? ""
                let place = TopicPartition(topic: topic, partition: content.partition)
                if content.err == RD_KAFKA_RESP_ERR__PARTITION_EOF {
                    ends.append(.end(place, offset: content.offset))
                } else {
                    ends.append(.failed(KafkaError(content.err, "\(place) cannot be read")))
                }
            }
            if !records.isEmpty { handler(.records(records)) }
            for end in ends { handler(end) }
        }
    }

    /// The end of a partition as far as it is known here; `nil` while it is not. Does not block.
    public func knownEnd(_ partition: TopicPartition) -> Int64? {
        Kafka.knownEnd(handle.pointer, partition)
    }

    /// Asks the broker for the ends of a partition. Blocks for twice `seconds` at most.
    public func watermarks(_ partition: TopicPartition, seconds: Double) throws(KafkaError) -> Watermarks {
        try queryWatermarks(handle.pointer, partition, seconds: seconds)
    }

    /// Stops reading and waits for the thread to end. Must not be called from the handler.
    public func close() {
        polling.join()
    }

    /// Stops reading without waiting.
    public func stop() {
        polling.stop()
    }

    deinit {
        polling.stop()
    }
}
