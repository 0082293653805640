internal import TaskEngine
internal import TaskModel

/// What must hold when a run has become quiet.
extension World {
    /// Whether nothing will happen any more without a new input.
    var isQuiet: Bool {
        environment.checks.fold.tasks.values.allSatisfy(\.snapshot.hasSettled) && environment.broker.isConsumed
            && instances.allSatisfy { $0.process?.isIdle == true }
            && instances.allSatisfy { instance in
                (0..<Timing.partitions).allSatisfy {
                    instance.disk.fold.nextOffsets[$0] == environment.checks.fold.nextOffsets[$0]
                }
            }
            && (0..<Timing.partitions).allSatisfy { owner(of: $0) != nil }
    }

    private func owner(of partition: Int32) -> (process: InstanceProcess, engine: PartitionEngine)? {
        for instance in instances {
            if let process = instance.process, let engine = process.partitions[partition]?.engine {
                return (process, engine)
            }
        }
        return nil
    }

    func checkEnd() {
        checkTermination()
        let checks = environment.checks
        checks.inputs.settle(
            checks.fold, environment.options.guarantee, derivedID: derivedID(of:), checks: checks)
        checkCaches()
        for partition in 0..<Timing.partitions { checkRestart(partition) }
    }

    private func checkTermination() {
        let checks = environment.checks
        let open = checks.fold.tasks.values.map(\.snapshot).filter { !$0.hasSettled }.map(\.id).sorted()
        if let id = open.first, let held = checks.fold.tasks[id] {
            checks.fail(
                .termination, "\(id) on partition \(held.partition) stays \(held.snapshot.state.status.rawValue)")
        }
        if !environment.broker.isConsumed { checks.fail(.inputs, "inputs stay unread") }
        if !isQuiet { checks.fail(.termination, "the run does not become quiet") }
    }

    private func derivedID(of origin: RecordOrigin) -> TaskID {
        let record = InboundRecord(
            channel: .requests, topic: origin.topic, partition: origin.partition, offset: origin.offset, key: nil,
            value: nil, timestamp: Timestamp(milliseconds: 0))
        let configuration = Timing.configuration(of: "", incarnation: 0, environment.options)
        return PartitionEngine(partition: origin.partition, epoch: 0, configuration: configuration)
            .derivedID(of: record)
    }

    private func checkCaches() {
        let expected = environment.checks.fold.tasks
        for instance in instances {
            compare(instance.disk.fold.tasks, expected, "the cache of \(instance.name)")
        }
        compare(rebuilt(compacted: false), expected, "a cache built from the log")
        compare(rebuilt(compacted: true), expected, "a cache built from the compacted log")
    }

    private func compare(
        _ tasks: [TaskID: StatusFold.Held], _ expected: [TaskID: StatusFold.Held], _ what: String
    ) {
        guard tasks != expected else { return }
        let ids = Set(tasks.keys).union(expected.keys).sorted()
        guard let id = ids.first(where: { tasks[$0] != expected[$0] }) else { return }
        let describe = { (held: StatusFold.Held?) in
            held.map { "v\($0.snapshot.state.version) e\($0.snapshot.state.epoch)" } ?? "nothing"
        }
        environment.checks.fail(
            .cache, "\(what) has \(describe(tasks[id])) of \(id), but the log says \(describe(expected[id]))")
    }

    /// Reads the log as a new instance would, from its bytes.
    private func rebuilt(compacted: Bool) -> [TaskID: StatusFold.Held] {
        var fold = StatusFold(checksOrder: true)
        for partition in 0..<Timing.partitions {
            let place = LogPlace(topic: .status, partition: partition)
            let (records, _) = environment.broker.log.read(place, from: 0, limit: .max)
            var last: [String: Int] = [:]
            for record in records { last[record.payload.key] = record.offset }
            for record in records where !compacted || last[record.payload.key] == record.offset {
                _ = fold.take(record.payload.recoded, of: partition)
            }
        }
        return fold.tasks
    }

    /// Whether attempts run elsewhere: a new owner gives them a whole lease.
    private func hasForeign(_ tasks: [TaskSnapshot], _ engine: PartitionEngine) -> Bool {
        tasks.contains { $0.state.isAttemptAlive && !$0.isRun(by: engine.configuration) }
    }

    /// An owner restored from the log has the same tasks, and nothing to do.
    private func checkRestart(_ partition: Int32) {
        guard let (process, engine) = owner(of: partition) else { return }
        let active = environment.checks.fold.active(partition)
        let lived = engine.snapshots.filter { !$0.state.status.isTerminal }.sorted { $0.id < $1.id }
        var restored = PartitionEngine(partition: partition, epoch: engine.epoch, configuration: engine.configuration)
        let effects = restored.restore(active, running: Set(process.runner.refs), ended: [], now: process.now)
        let isTimed = hasForeign(active, engine) || restored.nextDeadline == engine.nextLiveDeadline(active)
        if lived != active || !effects.isEmpty || !isTimed {
            environment.checks.fail(
                .restart,
                "partition \(partition): \(lived.count) tasks lived, \(active.count) are in the log, restoring has "
                    + "\(effects.count) effects")
        }
    }
}

extension PartitionEngine {
    /// The next deadline of an owner that was just restored: the end of a question's time, or the parking of its attempt.
    /// Whether it was parked already only the former owner knew.
    fileprivate func nextLiveDeadline(_ active: [TaskSnapshot]) -> Timestamp? {
        active.flatMap { snapshot -> [Timestamp] in
            guard let question = snapshot.state.confirmation else { return [] }
            let isParked = snapshot.state.session != nil && snapshot.isRun(by: configuration)
            let parking = question.requestedAt.adding(seconds: Int64(configuration.parkAfterSeconds))
            return [question.expiresAt] + (isParked ? [parking] : [])
        }.min()
    }
}

extension TaskSnapshot {
    /// Whether it needs nothing but perhaps a human.
    fileprivate var hasSettled: Bool {
        state.status.isTerminal || (state.status == .waitingConfirmation && state.confirmation != nil)
    }
}

extension Payload {
    /// The record's key on the status topic.
    fileprivate var key: String {
        switch self {
        case .snapshot(let snapshot): snapshot.id.text
        case .owner: OwnershipRecord.key
        case .inbound, .notification, .deadLetter, .marker: ""
        }
    }

    /// The record written and read.
    fileprivate var recoded: Payload {
        switch self {
        case .snapshot(let snapshot): (try? TaskSnapshot(json: snapshot.json)).map(Payload.snapshot) ?? .marker
        case .owner(let record): (try? OwnershipRecord(json: record.json)).map(Payload.owner) ?? .marker
        case .inbound, .notification, .deadLetter, .marker: self
        }
    }
}
