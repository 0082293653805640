internal import TaskEngine
internal import TaskModel

/// Membership and ownership.
extension InstanceProcess {
    /// One step of the polling thread.
    func pollStep() {
        let now = environment.now
        guard let memberID else {
            memberID = broker.group.join(name, at: now)
            knownGeneration = nil
            note("joins the group as member \(memberID ?? 0)")
            return
        }
        if mustRejoin {
            guard isRevoked(now) else { return }
            mustRejoin = false
            knownGeneration = nil
            broker.group.rejoin(name, memberID, at: now)
            return
        }
        switch broker.group.poll(name, memberID, at: now) {
        case .stable(let generation, let assigned):
            guard generation != knownGeneration else { return }
            knownGeneration = generation
            mailbox.append(.assigned(assigned, MemberProof(memberID: memberID, generation: generation)))
        case .rebalancing(hasJoined: true): break
        case .rebalancing(hasJoined: false):
            if isRevoked(now) { broker.group.rejoin(name, memberID, at: now) }
        case .unknownMember:
            note("is no longer a member")
            if isRevoked(now) { self.memberID = nil }
        }
    }

    /// Whether the owner has given its partitions up, or had its time to do so: the group does not wait for ever.
    private func isRevoked(_ now: Int64) -> Bool {
        if revocationUntil == nil {
            revocationUntil = now + Timing.revocation
            lastRevocation += 1
            mailbox.append(.revoked(lastRevocation))
        }
        // The owner's answer to an earlier revocation, which came too late, is none to this one.
        guard let until = revocationUntil, answeredRevocation == lastRevocation || now >= until else { return false }
        revocationUntil = nil
        return true
    }

    func take(_ assigned: [Int32], _ proof: MemberProof) {
        self.proof = proof
        note("is assigned \(assigned) in generation \(proof.generation)")
        for id in assigned where partitions[id] == nil { partitions[id] = OwnedPartition() }
    }

    /// Claims what has been assigned, once its offsets can be told.
    func claimAssigned() {
        for id in partitions.keys.sorted() {
            guard case .assigned = partitions[id]?.phase, let positions = broker.positions(id) else { continue }
            partitions[id]?.positions = positions
            claim(id)
        }
    }

    private func claim(_ id: Int32) {
        // The tail may lag behind an earlier claim of this process, whose late echo must not pass for that of this one.
        let epoch = max(disk.fold.epochs[id] ?? 0, claimedEpochs[id] ?? 0) + 1
        claimedEpochs[id] = epoch
        partitions[id]?.phase = .claiming(epoch: epoch)
        batch.claim(ownership(epoch), id)
        note("claims partition \(id) in epoch \(epoch)")
        if !environment.has(.barrier) { activate(id, epoch: epoch) }
    }

    private func ownership(_ epoch: Int64) -> OwnershipRecord {
        OwnershipRecord(
            owner: name, incarnation: configuration.incarnation, epoch: epoch, partitions: Timing.partitions,
            takenAt: now)
    }

    /// An ownership record came through the tail.
    func take(_ record: OwnershipRecord, isAccepted: Bool, _ id: Int32) {
        guard let partition = partitions[id] else { return }
        let isOurs = record.owner == name && record.incarnation == configuration.incarnation
        switch partition.phase {
        case .claiming(let epoch) where isOurs && record.epoch == epoch:
            if isAccepted { activate(id, epoch: epoch) } else { claim(id) }
        case .claiming(let epoch) where !isOurs && record.epoch >= epoch: claim(id)
        case .active(let engine) where !isOurs && isAccepted && record.epoch > engine.epoch:
            note("sees another owner of partition \(id)")
            activity = .recovering
        case .active(let engine) where !isOurs && !isAccepted && environment.has(.lateZombies):
            if disk.fold.coveredOwners.contains(id) { batch.claim(ownership(engine.epoch), id) }
        default: break
        }
    }

    /// The barrier is passed.
    private func activate(_ id: Int32, epoch: Int64) {
        var engine = PartitionEngine(partition: id, epoch: epoch, configuration: configuration)
        let effects = engine.restore(
            disk.fold.active(id), running: Set(runner.refs), ended: endedAttempts, now: now)
        slots.attach(engine.snapshots, configuration)
        partitions[id]?.phase = .active(engine)
        note("owns partition \(id) in epoch \(epoch) with \(engine.taskCount) tasks")
        add(effects, id)
        guard environment.has(.lateZombies) else { return }
        for task in (disk.fold.covered[id] ?? []).sorted() { rewrite(task, id) }
        if disk.fold.coveredOwners.contains(id) { batch.claim(ownership(epoch), id) }
    }

    /// Attempts whose end nobody has taken in yet, be it that their report still stands in the mailbox.
    private var endedAttempts: Set<AttemptRef> {
        let unread = mailbox.compactMap { event -> AttemptRef? in
            if case .report(let report, _) = event, report.kind == .finished { report.ref } else { nil }
        }
        return Set(outbox.keys.filter { $0.approval == nil }.map(\.ref)).union(unread)
    }

    /// Writes a task again whose latest record in the log is a former owner's.
    func rewrite(_ task: TaskID, _ id: Int32) {
        guard partitions[id]?.engine != nil else { return }
        admit(task, id)
        add(partitions[id]?.handle(.zombie(task), now: now) ?? [], id)
    }

    func admit(_ task: TaskID, _ id: Int32) {
        guard partitions[id]?.engine?.holds(task) == false, let held = disk.fold.tasks[task], held.partition == id
        else {
            return
        }
        partitions[id]?.admit(held.snapshot, now: now)
    }

    /// Forgets all partitions. Their attempts go on and report to whoever owns them next.
    func giveUpAll() {
        let running = Set(runner.refs)
        for id in partitions.keys.sorted() {
            let held = partitions[id]?.engine?.snapshots ?? []
            let refs = Set(
                held.filter(\.state.isAttemptAlive)
                    .map { AttemptRef(taskID: $0.id, attempt: $0.state.attempt) })
            slots.detach(refs, running: running, id)
        }
        if !partitions.isEmpty { note("gives up \(partitions.keys.sorted())") }
        partitions = [:]
        batch = Batch()
    }

    /// After a commit that failed.
    func recover() {
        activity = .idle
        if environment.options.guarantee == .exactlyOnce {
            producerEpoch = broker.initialise(name, at: environment.now)
        }
        giveUpAll()
        mustRejoin = true
    }
}
