internal import TaskModel

/// The fold of the status topic, as the cache of an instance keeps it.
struct StatusFold {
    struct Held: Equatable {
        let partition: Int32
        let snapshot: TaskSnapshot
    }

    enum Outcome {
        /// The snapshot is the current one now.
        case applied(TaskSnapshot)
        /// A former owner's, or older than what is held.
        case stale(TaskSnapshot)
        case repeated
        case owner(OwnershipRecord, isAccepted: Bool)
        case ignored
    }

    private(set) var tasks: [TaskID: Held] = [:]
    private(set) var epochs: [Int32: Int64] = [:]
    private(set) var nextOffsets: [Int32: Int] = [:]
    /// Tasks whose latest record in the log is not the one that counts: compaction would keep the wrong one.
    private(set) var covered: [Int32: Set<TaskID>] = [:]
    /// Partitions whose latest ownership record is not the one that counts.
    private(set) var coveredOwners: Set<Int32> = []
    private let checksOrder: Bool

    init(checksOrder: Bool) {
        self.checksOrder = checksOrder
    }

    /// Everything of the partition before `offset` has been folded.
    mutating func reached(_ offset: Int, of partition: Int32) {
        nextOffsets[partition] = max(offset, nextOffsets[partition] ?? 0)
    }

    mutating func take(_ payload: Payload, of partition: Int32) -> Outcome {
        switch payload {
        case .owner(let record): takeOwner(record, partition)
        case .snapshot(let snapshot): takeSnapshot(snapshot, partition)
        case .inbound, .notification, .deadLetter, .marker: .ignored
        }
    }

    private mutating func takeOwner(_ record: OwnershipRecord, _ partition: Int32) -> Outcome {
        let epoch = epochs[partition] ?? 0
        epochs[partition] = max(epoch, record.epoch)
        if record.epoch < epoch {
            coveredOwners.insert(partition)
        } else {
            coveredOwners.remove(partition)
        }
        return .owner(record, isAccepted: record.epoch > epoch)
    }

    private mutating func takeSnapshot(_ snapshot: TaskSnapshot, _ partition: Int32) -> Outcome {
        let id = snapshot.id
        if checksOrder {
            let held = tasks[id]?.snapshot.order
            if held == snapshot.order {
                covered[partition]?.remove(id)
                return .repeated
            }
            guard snapshot.state.epoch >= epochs[partition] ?? 0, held.map({ snapshot.order > $0 }) ?? true else {
                covered[partition, default: []].insert(id)
                return .stale(snapshot)
            }
        }
        covered[partition]?.remove(id)
        tasks[id] = Held(partition: partition, snapshot: snapshot)
        return .applied(snapshot)
    }

    /// The tasks of a partition that have not ended, by id.
    func active(_ partition: Int32) -> [TaskSnapshot] {
        tasks.values.filter { $0.partition == partition && !$0.snapshot.state.status.isTerminal }
            .map(\.snapshot).sorted { $0.id < $1.id }
    }

    func hasPassed(_ ends: [Int32: Int]) -> Bool {
        ends.allSatisfy { nextOffsets[$0.key] ?? 0 >= $0.value }
    }
}
