internal import TaskModel

/// Watches a run from outside, with knowledge that nobody in it has: the true time, and the whole log at once.
final class Checks {
    struct Running: Equatable {
        let ref: AttemptRef
        let instance: String
    }

    private(set) var failure: (invariant: Invariant, message: String)?
    /// The fold as every reader should have it, with all rules on.
    private(set) var fold = StatusFold(checksOrder: true)
    var history = TaskHistories()
    var inputs = InputLedger()
    /// Attempts that run in true time.
    private var running: [TaskID: Running] = [:]
    private var keys: [String: TaskID] = [:]
    private var announced: Set<String> = []
    /// Attempts that ran to their end.
    private var finished: Set<String> = []
    /// What was done with which approval.
    private var acts: [String: Confirmation.Asker] = [:]
    private var owners: [Int32: OwnershipRecord] = [:]

    var actCount: Int { acts.count }

    func fail(_ invariant: Invariant, _ message: @autoclosure () -> String) {
        if failure == nil { failure = (invariant, message()) }
    }

    // MARK: Attempts

    func started(_ order: AttemptOrder, on instance: String, incarnation: Int) {
        let id = order.ref.taskID
        if let other = running[id] {
            fail(.oneAttempt, "\(order.ref) starts on \(instance) while \(other.ref) runs on \(other.instance)")
        }
        if let key = order.spec.concurrencyKey {
            if let other = keys[key], other != id {
                fail(.oneTaskPerKey, "\(order.ref) starts while \(other) runs under the key \(key)")
            }
            keys[key] = id
        }
        if !announced.contains("\(order.ref)@\(instance)/\(incarnation)") {
            fail(.announcedStart, "\(order.ref) starts on \(instance) without a running snapshot in the log")
        }
        running[id] = Running(ref: order.ref, instance: instance)
    }

    func ended(_ order: AttemptOrder, on instance: String, incarnation: Int, byItself: Bool) {
        let id = order.ref.taskID
        if byItself { finished.insert("\(order.ref)@\(instance)/\(incarnation)") }
        guard running[id] == Running(ref: order.ref, instance: instance) else { return }
        running[id] = nil
        if let key = order.spec.concurrencyKey, keys[key] == id { keys[key] = nil }
    }

    func hasFinished(_ ref: AttemptRef, _ runner: String, _ incarnation: String) -> Bool {
        finished.contains("\(ref)@\(runner)/\(incarnation)")
    }

    func isOwner(_ runner: String, _ incarnation: String, ofTask id: TaskID) -> Bool {
        guard let partition = fold.tasks[id]?.partition, let owner = owners[partition] else { return false }
        return owner.owner == runner && owner.incarnation == incarnation
    }

    /// An attempt does what it asked for, on that approval.
    func acted(_ ref: AttemptRef, _ question: AttemptQuestion, on approval: String) {
        let asker = Confirmation.Asker(attempt: ref.attempt, question: question.number)
        if let other = acts.updateValue(asker, forKey: approval) {
            fail(.grants, "\(ref) acts on \(approval), on which attempt \(other.attempt) acted before")
        }
        let entry = fold.tasks[ref.taskID]?.snapshot.state.confirmations.first { $0.id == approval }
        guard let entry, entry.status == .approved, entry.use?.by == asker, entry.gate == question.gate,
            entry.action.objectValue?["act"] == question.action["act"]
        else {
            let status = entry?.status.rawValue ?? "nothing"
            fail(.grants, "\(ref) acts on \(approval), which the log does not tell: \(status)")
            return
        }
    }

    // MARK: The log

    /// Takes in what has become part of the log since the last step.
    func advance(_ broker: Broker) {
        for record in broker.durable { takeDurable(record.place, record.offset, broker.log) }
        broker.durable.removeAll(keepingCapacity: true)
        for partition in 0..<Timing.partitions {
            let place = LogPlace(topic: .status, partition: partition)
            let (records, next) = broker.log.read(place, from: fold.nextOffsets[partition] ?? 0, limit: .max)
            for record in records { takeVisible(record.payload, partition, offset: record.offset) }
            fold.reached(next, of: partition)
        }
    }

    private func takeDurable(_ place: LogPlace, _ offset: Int, _ log: SimulatedLog) {
        guard let entry = log.entry(place, offset) else { return }
        switch entry.payload {
        case .snapshot(let snapshot):
            if snapshot.state.status == .running, let lease = snapshot.state.lease {
                let ref = AttemptRef(taskID: snapshot.id, attempt: snapshot.state.attempt)
                announced.insert("\(ref)@\(lease.runner)/\(lease.incarnation)")
            }
        case .notification(let id): history.notified(id)
        case .deadLetter(let origin, let reason): inputs.deadLettered(origin, reason)
        case .inbound, .owner, .marker: break
        }
    }

    private func takeVisible(_ payload: Payload, _ partition: Int32, offset: Int) {
        if case .snapshot(let snapshot) = payload, snapshot.state.epoch == fold.epochs[partition],
            let held = fold.tasks[snapshot.id]?.snapshot, !(snapshot.order > held.order), snapshot != held
        {
            fail(
                .consecutiveVersions,
                "the owner of partition \(partition) wrote \(snapshot.id) version \(snapshot.state.version) at offset "
                    + "\(offset) after version \(held.state.version), both in epoch \(held.state.epoch)")
        }
        let before = fold.tasks[payloadID(payload)]
        let outcome = fold.take(payload, of: partition)
        if case .owner(let record, isAccepted: true) = outcome { owners[partition] = record }
        guard case .applied(let snapshot) = outcome else { return }
        if let before, before.partition != partition {
            fail(
                .consecutiveVersions,
                "\(snapshot.id) is written to partition \(partition), but lives on \(before.partition)")
        }
        inputs.applied(snapshot, after: before?.snapshot, checks: self)
        history.take(snapshot, after: before?.snapshot, checks: self)
    }

    private func payloadID(_ payload: Payload) -> TaskID {
        guard case .snapshot(let snapshot) = payload else { return Self.nobody }
        return snapshot.id
    }

    private static let nobody = TaskID.derived(topic: "", partition: 0, offset: 0, counter: 0)
}
