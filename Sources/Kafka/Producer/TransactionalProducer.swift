internal import CRdkafka
public import Logging
internal import Synchronization

/// Writes records and input offsets in one transaction.
///
/// Blocking; used from one thread.
public final class TransactionalProducer: Sendable {
    private let settings: KafkaSettings
    private let transactionalID: String
    private let logger: Logger
    private let producer: Mutex<Producer>

    /// Milliseconds after which the broker aborts a transaction that its producer left open. It bounds how long a dead
    /// owner's records hold its successor up.
    public static let transactionTimeoutMs = 10_000

    private static let callTimeoutMs: Int32 = 10_000

    /// Makes the producer and fences every earlier one of the same `transactionalID`.
    public init(_ settings: KafkaSettings, transactionalID: String, logger: Logger) throws(KafkaError) {
        self.settings = settings
        self.transactionalID = transactionalID
        self.logger = logger
        producer = Mutex(try Self.make(settings, transactionalID, logger))
    }

    private static func make(
        _ settings: KafkaSettings, _ transactionalID: String, _ logger: Logger
    ) throws(KafkaError) -> Producer {
        let producer = try Producer(
            settings,
            // The next transaction meets CONCURRENT_TRANSACTIONS while the markers of the last are written: ask again
            // after a millisecond instead of 100.
            defaults: ["linger.ms": "0", "retry.backoff.ms": "1"],
            required: [
                "transactional.id": transactionalID,
                "transaction.timeout.ms": String(transactionTimeoutMs),
                "message.timeout.ms": String(transactionTimeoutMs),
            ], logger: logger)
        if let error = rd_kafka_init_transactions(producer.handle.pointer, 30_000) {
            throw KafkaError(taking: error, "Transactions of \(transactionalID) cannot begin")
        }
        return producer
    }

    /// Destroys the producer and makes one anew, which raises its epoch: the only way on after an ambiguous end.
    public func reinitialise() throws(KafkaError) {
        let fresh = try Self.make(settings, transactionalID, logger)
        let old = producer.withLock { current in
            let old = current
            current = fresh
            return old
        }
        old.purge()
        old.close()
    }

    /// Writes all or nothing. `.aborted`: nothing counts, may be repeated. `.fenced`: nothing counts, another has taken
    /// over. `.timedOut`, `.fatal`: unknown; `reinitialise`, then look at what the log says.
    ///
    /// - Parameters:
    ///   - offsets: of every partition that is owned; at least one, or the broker could not refuse a former owner.
    ///   - membership: the one that the partitions came with.
    public func commit(
        _ records: [OutgoingRecord], offsets: [TopicPartition: Int64], as membership: GroupMembership
    ) throws(KafkaError) {
        guard !offsets.isEmpty else {
            throw KafkaError(.fenced, "A commit without offsets cannot prove its membership")
        }
        let producer = producer.withLock { $0 }
        let client = producer.handle.pointer
        try check(rd_kafka_begin_transaction(client), "A transaction cannot begin")
        do throws(KafkaError) {
            // Flushed before the offsets go: the broker judges the membership after all records are in.
            try producer.sendAndWait(records, seconds: Double(Self.transactionTimeoutMs) / 1000)
            try sendOffsets(offsets, membership, client)
            try check(rd_kafka_commit_transaction(client, Self.callTimeoutMs), "A transaction was not committed")
        } catch {
            try abort(client, after: error)
            throw error
        }
    }

    private func sendOffsets(
        _ offsets: [TopicPartition: Int64], _ membership: GroupMembership, _ client: OpaquePointer
    ) throws(KafkaError) {
        let error = try membership.withMetadata { metadata in
            withPartitionList(offsets.map { ($0.key, $0.value) }) {
                rd_kafka_send_offsets_to_transaction(client, $0, metadata, Self.callTimeoutMs)
            }
        }
        try check(error ?? nil, "Offsets were not accepted")
    }

    private func abort(_ client: OpaquePointer, after error: KafkaError) throws(KafkaError) {
        guard error.code != .fatal else { return }
        if let failure = rd_kafka_abort_transaction(client, Self.callTimeoutMs) {
            let abortError = KafkaError(taking: failure, "A transaction was not aborted")
            throw KafkaError(.fatal, name: abortError.name, "\(error.message); \(abortError.message)")
        }
    }

    private func check(_ error: OpaquePointer?, _ context: String) throws(KafkaError) {
        if let error { throw KafkaError(taking: error, context) }
    }

    /// Ends the producer.
    public func close() {
        producer.withLock { $0 }.close()
    }
}
