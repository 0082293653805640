internal import CRdkafka
public import Logging
internal import Synchronization

/// Told what the group and its topics bring. All calls come on the polling thread.
public protocol GroupConsumerDelegate: AnyObject, Sendable {
    /// Records, in order per partition.
    func consumer(_ consumer: GroupConsumer, received records: [KafkaRecord])
    /// The group gave partitions. Reading starts at the committed offsets after the call.
    func consumer(_ consumer: GroupConsumer, assigned partitions: [TopicPartition])
    /// The group takes partitions away after the call; `isLost` when it has done so already.
    func consumer(_ consumer: GroupConsumer, revoked partitions: [TopicPartition], isLost: Bool)
    /// A turn of the polling thread, at least every 100 ms.
    func consumerPolled(_ consumer: GroupConsumer)
}

/// A member of a consumer group, polled by a thread of its own.
public final class GroupConsumer: Sendable {
    let handle: ClientHandle
    private let topics: [String]
    private let polling: PollThread
    private let rebalancer: Rebalancer
    private let wantsRejoin: Atomic<Bool>

    /// Most records of one call of the delegate.
    public static let batchLimit = 500

    /// - Parameters:
    ///   - instanceID: for static membership, where the broker has it.
    ///   - fetchWaitMs: how long the broker may hold an empty fetch back.
    public init(
        _ settings: KafkaSettings, groupID: String, instanceID: String?, topics: [String], fetchWaitMs: Int = 10,
        delegate: any GroupConsumerDelegate, logger: Logger
    ) throws(KafkaError) {
        var required = [
            "group.id": groupID, "enable.auto.commit": "false", "enable.auto.offset.store": "false",
            "partition.assignment.strategy": "range", "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
        ]
        if let instanceID { required["group.instance.id"] = instanceID }
        let configuration = try ClientConfiguration(
            settings,
            defaults: [
                "fetch.wait.max.ms": String(fetchWaitMs), "session.timeout.ms": "10000",
                // After a failover a request to the broker that fell silent must not hold the member back for a minute.
                "socket.timeout.ms": "10000", "heartbeat.interval.ms": "1000", "queued.min.messages": "10000",
                "fetch.error.backoff.ms": "50",
            ], required: required)
        let rebalancer = Rebalancer(delegate)
        let handle = try ClientHandle(RD_KAFKA_CONSUMER, configuration, logger: logger, rebalancing: rebalancer)
        rd_kafka_poll_set_consumer(handle.pointer)
        self.handle = handle
        self.topics = topics
        self.rebalancer = rebalancer
        wantsRejoin = Atomic(false)
        let cell = WeakConsumer()
        polling = PollThread(name: "kafka-group") { cell.poll() }
        rebalancer.consumer = self
        try subscribe()
        cell.set(self, delegate)
    }

    private func subscribe() throws(KafkaError) {
        let error = withPartitionList(topics.map { (TopicPartition(topic: $0, partition: -1), 0) }) {
            rd_kafka_subscribe(handle.pointer, $0)
        }
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(error ?? RD_KAFKA_RESP_ERR__FAIL, "Topics cannot be subscribed to")
        }
    }

    fileprivate func turn(_ delegate: any GroupConsumerDelegate) {
        if wantsRejoin.exchange(false, ordering: .acquiringAndReleasing) {
            rd_kafka_unsubscribe(handle.pointer)
            try? subscribe()
        }
        let records = RecordPoll.batch(handle.pointer, limit: Self.batchLimit) { _ in }
        if !records.isEmpty { delegate.consumer(self, received: records) }
        delegate.consumerPolled(self)
    }

    /// Leaves the group and joins it again, on the polling thread.
    public func rejoin() {
        wantsRejoin.store(true, ordering: .releasing)
    }

    /// Holds reading back. Membership goes on.
    public func pause(_ partitions: [TopicPartition]) {
        _ = withPartitionList(partitions.map { ($0, 0) }) { rd_kafka_pause_partitions(handle.pointer, $0) }
    }

    /// Reads on.
    public func resume(_ partitions: [TopicPartition]) {
        _ = withPartitionList(partitions.map { ($0, 0) }) { rd_kafka_resume_partitions(handle.pointer, $0) }
    }

    /// The membership of this moment. Within `consumer(_:assigned:)` it is the one that the partitions came with.
    public func membership() throws(KafkaError) -> GroupMembership {
        try GroupMembership(handle.pointer)
    }

    /// Commits offsets as a member of the group, without waiting; the broker refuses a former member (`.fenced`).
    ///
    /// - Parameters:
    ///   - membership: the one that the partitions came with. librdkafka can only show the current one, so a later
    ///     generation is refused here.
    ///   - answer: called once, on the polling thread; `nil` is success.
    public func commit(
        _ offsets: [TopicPartition: Int64], as membership: GroupMembership,
        answer: @escaping @Sendable (KafkaError?) -> Void
    ) throws(KafkaError) {
        guard try self.membership() == membership else {
            throw KafkaError(.fenced, "The group has a later generation")
        }
        let target = Unmanaged.passRetained(OffsetAnswer(answer))
        let queue = rd_kafka_queue_get_consumer(handle.pointer)
        defer { rd_kafka_queue_destroy(queue) }
        let refusal = withPartitionList(offsets.map { ($0.key, $0.value) }) {
            rd_kafka_commit_queue(handle.pointer, $0, queue, offsetsCommitted, target.toOpaque())
        }
        guard refusal == RD_KAFKA_RESP_ERR_NO_ERROR else {
            target.release()
            throw KafkaError(refusal ?? RD_KAFKA_RESP_ERR__FAIL, "Offsets were not committed")
        }
    }

    /// The committed offsets; partitions without one are left out. Blocks.
    public func committed(_ partitions: [TopicPartition], seconds: Double) throws(KafkaError) -> [TopicPartition: Int64]
    {
        var offsets: [TopicPartition: Int64] = [:]
        let error = withPartitionList(partitions.map { ($0, 0) }) { list in
            let error = rd_kafka_committed(handle.pointer, list, Int32(seconds * 1000))
            for entry in entries(list) where entry.offset >= 0 { offsets[entry.place] = entry.offset }
            return error
        }
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(error ?? RD_KAFKA_RESP_ERR__FAIL, "Committed offsets cannot be read")
        }
        return offsets
    }

    /// The end of a partition as far as it is known here; `nil` while it is not. Does not block.
    public func knownEnd(_ partition: TopicPartition) -> Int64? {
        Kafka.knownEnd(handle.pointer, partition)
    }

    /// Asks the broker for the ends of a partition. Blocks for twice `seconds` at most.
    public func watermarks(_ partition: TopicPartition, seconds: Double) throws(KafkaError) -> Watermarks {
        try queryWatermarks(handle.pointer, partition, seconds: seconds)
    }

    /// Stops polling, leaves the group and waits until both are done. Must not be called by the delegate.
    public func close() {
        polling.join()
        rd_kafka_consumer_close(handle.pointer)
    }

    deinit {
        polling.stop()
    }
}

/// Lets the polling thread hold the consumer weakly: the consumer owns the thread.
private final class WeakConsumer: @unchecked Sendable {
    // Unchecked: guarded by `lock`.
    private let lock = Mutex(())
    private weak var consumer: GroupConsumer?
    private var delegate: (any GroupConsumerDelegate)?

    func set(_ consumer: GroupConsumer, _ delegate: any GroupConsumerDelegate) {
        lock.withLock { _ in
            self.consumer = consumer
            self.delegate = delegate
        }
    }

    func poll() {
        let (consumer, delegate) = lock.withLock { _ in (self.consumer, self.delegate) }
        if let consumer, let delegate { consumer.turn(delegate) }
    }
}
