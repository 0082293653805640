internal import TaskModel

/// Why the broker refused.
enum BrokerRefusal: Error {
    /// The producer's epoch is not the latest.
    case producerFenced
    /// The member or its generation is not of the group.
    case memberFenced
}

/// What a member shows of itself with its offsets.
struct MemberProof: Equatable {
    let memberID: Int
    let generation: Int
}

/// Position of one input partition.
struct InputPlace: Hashable, Comparable {
    let channel: InboundRecord.Channel
    let partition: Int32

    static func < (left: InputPlace, right: InputPlace) -> Bool {
        (SimulatedTopic(left.channel).rawValue, left.partition) < (
            SimulatedTopic(right.channel).rawValue, right.partition
        )
    }
}

/// The log, the transactions, the group.
final class Broker {
    private struct Transaction {
        let number: Int
        let startedAt: Int64
        var records: [(place: LogPlace, offset: Int)] = []
        var offsets: [InputPlace: Int] = [:]
    }

    private struct ProducerState {
        var epoch = 0
        var transaction: Transaction?
    }

    private(set) var log = SimulatedLog()
    var group: GroupCoordinator
    private var producers: [String: ProducerState] = [:]
    private var committed: [InputPlace: Int] = [:]
    private var lastTransaction = 0
    private let fencing: Bool
    /// Records that have become part of the log for good since this was last emptied.
    var durable: [(place: LogPlace, offset: Int)] = []
    /// Records whose sender was told that they failed, and which arrive later all the same.
    var inFlight: [(place: LogPlace, payload: Payload, writer: String)] = []

    init(fencing: Bool) {
        self.fencing = fencing
        group = GroupCoordinator()
    }

    // MARK: Plain records

    func append(_ payload: Payload, to place: LogPlace, by writer: String, at now: Int64) {
        durable.append((place, log.append(payload, to: place, by: writer, at: now)))
    }

    // MARK: Transactions

    /// A new epoch for `producer`; what it left open is aborted.
    func initialise(_ producer: String, at now: Int64) -> Int {
        decide(producer, commit: false, at: now)
        producers[producer, default: ProducerState()].epoch += 1
        return producers[producer]?.epoch ?? 0
    }

    func produce(
        _ payload: Payload, to place: LogPlace, by producer: String, epoch: Int, at now: Int64
    ) throws(BrokerRefusal) {
        try check(producer, epoch)
        let number = begin(producer, at: now)
        let offset = log.append(payload, to: place, by: producer, at: now, transaction: number)
        producers[producer]?.transaction?.records.append((place, offset))
    }

    func sendOffsets(
        _ offsets: [InputPlace: Int], of proof: MemberProof, by producer: String, epoch: Int, at now: Int64
    ) throws(BrokerRefusal) {
        try check(producer, epoch)
        try check(proof)
        _ = begin(producer, at: now)
        producers[producer]?.transaction?.offsets = offsets
    }

    func commit(_ producer: String, epoch: Int, at now: Int64) throws(BrokerRefusal) {
        try check(producer, epoch)
        decide(producer, commit: true, at: now)
    }

    func abort(_ producer: String, epoch: Int, at now: Int64) throws(BrokerRefusal) {
        try check(producer, epoch)
        decide(producer, commit: false, at: now)
    }

    private func begin(_ producer: String, at now: Int64) -> Int {
        if let transaction = producers[producer]?.transaction { return transaction.number }
        lastTransaction += 1
        producers[producer]?.transaction = Transaction(number: lastTransaction, startedAt: now)
        return lastTransaction
    }

    private func decide(_ producer: String, commit: Bool, at now: Int64) {
        guard let transaction = producers[producer]?.transaction else { return }
        producers[producer]?.transaction = nil
        log.end(transaction.number, records: transaction.records, commit: commit, by: producer, at: now)
        guard commit else { return }
        durable += transaction.records
        committed.merge(transaction.offsets) { $1 }
    }

    private func check(_ producer: String, _ epoch: Int) throws(BrokerRefusal) {
        guard producers[producer]?.epoch == epoch else { throw .producerFenced }
    }

    // MARK: Offsets

    func commitOffsets(_ offsets: [InputPlace: Int], of proof: MemberProof) throws(BrokerRefusal) {
        try check(proof)
        committed.merge(offsets) { $1 }
    }

    private func check(_ proof: MemberProof) throws(BrokerRefusal) {
        guard !fencing || group.isCurrent(proof) else { throw .memberFenced }
    }

    /// Where reading starts in the inputs of `partition`; `nil` while an open transaction could still move it
    /// (`require_stable`).
    func positions(_ partition: Int32) -> [InboundRecord.Channel: Int]? {
        let places = InboundRecord.Channel.allCases.map { InputPlace(channel: $0, partition: partition) }
        let isPending = producers.values.contains { producer in
            places.contains { producer.transaction?.offsets[$0] != nil }
        }
        guard !isPending else { return nil }
        return Dictionary(uniqueKeysWithValues: places.map { ($0.channel, committed[$0] ?? 0) })
    }

    /// Whether every input has been read and committed.
    var isConsumed: Bool {
        InboundRecord.Channel.allCases.allSatisfy { channel in
            (0..<Timing.partitions).allSatisfy { partition in
                let place = LogPlace(topic: SimulatedTopic(channel), partition: partition)
                let position = committed[InputPlace(channel: channel, partition: partition)] ?? 0
                return log.read(place, from: position, limit: 1).records.isEmpty
            }
        }
    }

    /// Time passes: sessions and transactions run out.
    func tick(_ now: Int64) {
        group.tick(now)
        for name in producers.keys.sorted() {
            guard let transaction = producers[name]?.transaction, now - transaction.startedAt > Timing.transaction
            else {
                continue
            }
            decide(name, commit: false, at: now)
            producers[name]?.epoch += 1
        }
    }
}
