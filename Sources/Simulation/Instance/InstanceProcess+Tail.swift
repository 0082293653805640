internal import TaskEngine
internal import TaskModel

/// The tail: partitions are read in order each, and in any order among each other.
extension InstanceProcess {
    func tailStep() {
        let partition = Int32(environment.random.below(Int(Timing.partitions)))
        readStatus(partition, limit: 1 + environment.random.below(12))
    }

    func readStatus(_ partition: Int32, limit: Int) {
        let place = LogPlace(topic: .status, partition: partition)
        let (records, next) = broker.log.read(
            place, from: disk.fold.nextOffsets[partition] ?? 0, limit: limit)
        for record in records {
            mailbox.append(.folded(disk.fold.take(record.payload, of: partition), partition))
        }
        disk.fold.reached(next, of: partition)
    }

    func take(_ outcome: StatusFold.Outcome, _ id: Int32) {
        switch outcome {
        case .owner(let record, let isAccepted): take(record, isAccepted: isAccepted, id)
        case .applied(let snapshot):
            settle(snapshot)
            guard partitions[id]?.engine != nil else { return }
            add(partitions[id]?.handle(.echo(snapshot.id, snapshot.order), now: now) ?? [], id)
            add(partitions[id]?.handle(.folded(snapshot.id, snapshot.order), now: now) ?? [], id)
        case .stale(let snapshot):
            note("sees a stale record of \(snapshot.id) v\(snapshot.state.version) e\(snapshot.state.epoch)")
            rewrite(snapshot.id, id)
        case .repeated, .ignored: break
        }
    }
}
