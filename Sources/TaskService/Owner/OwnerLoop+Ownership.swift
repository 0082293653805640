internal import Kafka
internal import Logging
internal import TaskCache
internal import TaskEngine
internal import TaskModel
internal import TaskRunner

/// Taking partitions over and giving them up.
extension OwnerLoop {
    /// Writes an ownership record for each; the tail's echo of it is the barrier.
    func claim(_ assigned: [Int32], as membership: GroupMembership) {
        self.membership = membership
        // Without partitions no commit will clear it.
        if assigned.isEmpty { status.change { $0.brokerProblem = nil } }
        for id in assigned where partitions[id] == nil {
            guard let positions = group.startPositions(id) else {
                abandonAll("the committed offsets cannot be read", nil)
                return
            }
            partitions[id] = OwnedPartition(positions: positions)
            claim(id)
        }
        commitIfNeeded()
    }

    private func claim(_ id: Int32) {
        // The tail may lag behind an earlier claim of this process, whose late echo must not pass for that of this one.
        let epoch = max(tail.epoch(of: id), claimedEpochs[id] ?? 0) + 1
        claimedEpochs[id] = epoch
        partitions[id]?.claim(epoch: epoch)
        batch.add(ownership(epoch), of: id, encoder)
        logger.info("claiming partition", metadata: ["partition": "\(id)", "epoch": "\(epoch)"])
    }

    private func ownership(_ epoch: Int64) -> OwnershipRecord {
        OwnershipRecord(
            owner: configuration.instance, incarnation: engineConfiguration.incarnation, epoch: epoch,
            partitions: configuration.layout.partitions, takenAt: .now)
    }

    /// Forgets partitions. Their attempts go on and report to whoever owns them next.
    func giveUp(_ revoked: [Int32]) {
        let running = executor.running
        for id in revoked {
            guard let partition = partitions.removeValue(forKey: id) else { continue }
            let refs = Set(
                (partition.engine?.snapshots ?? []).filter(\.state.isAttemptAlive)
                    .map { AttemptRef(taskID: $0.id, attempt: $0.state.attempt) })
            slots.detach(refs, running: running, partition: id)
            logger.info("gave up partition", metadata: ["partition": "\(id)", "attempts going on": "\(refs.count)"])
        }
    }

    /// After a commit that failed, or where nothing can be decided: what memory holds may never have been written. All
    /// partitions are restored from the log, by whoever owns them next.
    func abandonAll(_ what: String, _ error: (any Error)?) {
        let reason = error.map { "\(what): \($0)" } ?? what
        logger.warning("giving up all partitions and rejoining the group", metadata: ["reason": "\(reason)"])
        batch = CommitBatch()
        giveUp(Array(partitions.keys))
        status.change { $0.brokerProblem = "Rejoining the group: \(reason)" }
        group.rejoin()
    }

    /// What the tail has read: attempts that waited for it start.
    func take(_ echoes: [Echo]) {
        let now = Timestamp.now
        for echo in echoes where partitions[echo.partition]?.isActive == true {
            let effects = partitions[echo.partition]?.handle(.echo(echo.id, echo.order), now: now) ?? []
            if !effects.isEmpty { add(effects, of: echo.partition, now: now) }
        }
    }

    /// What the tail has folded.
    func take(_ result: FoldResult) {
        for (id, owner) in result.owners { take(owner, of: id) }
        let now = Timestamp.now
        for task in result.applied {
            settle(task)
            guard partitions[task.partition]?.isActive == true else { continue }
            let effects = partitions[task.partition]?.handle(.folded(task.id, task.order), now: now) ?? []
            if !effects.isEmpty { add(effects, of: task.partition, now: now) }
        }
        for (id, task) in result.stale where partitions[id]?.isActive == true {
            status.sawStale()
            rewrite(task, id, now: now)
        }
    }

    /// Writes again what a former owner's late record covers in the log, or compaction would keep the wrong one.
    private func rewriteCovered(_ id: Int32, epoch: Int64, now: Timestamp) throws {
        for task in try cache.covered(partition: id) { rewrite(task, id, now: now) }
        if try cache.isOwnerCovered(partition: id) { batch.add(ownership(epoch), of: id, encoder) }
    }

    private func rewrite(_ task: TaskID, _ id: Int32, now: Timestamp) {
        admit(task, id, now: now)
        add(partitions[id]?.handle(.zombie(task), now: now) ?? [], of: id, now: now)
    }

    private func admit(_ id: TaskID, _ partition: Int32, now: Timestamp) {
        guard partitions[partition]?.engine?.holds(id) == false, let found = try? cache.tasks(ids: [id])[id],
            found.partition == partition
        else { return }
        partitions[partition]?.admit(found.snapshot, now: now)
    }

    /// A snapshot tells what became of an attempt that runs here for another owner.
    private func settle(_ task: AppliedTask) {
        outbox.settle(task)
        for ref in slots.detached.keys where ref.taskID == task.id {
            if task.isPast(ref) {
                executor.stop(ref, reason: .superseded)
            } else if task.attempt == ref.attempt {
                slots.waits(ref, since: task.waitingSince)
                for answer in task.answers { executor.answer(ref, question: answer.question, answer.answer) }
                if task.isCancelRequested { executor.stop(ref, reason: .cancelled) }
            }
        }
    }

    private func take(_ owner: FoldResult.Owner, of id: Int32) {
        guard let partition = partitions[id] else { return }
        let isOurs =
            owner.record.owner == configuration.instance && owner.record.incarnation == engineConfiguration.incarnation
        switch (partition.isActive, partition.epoch) {
        case (false, let epoch) where isOurs && owner.record.epoch == epoch:
            if owner.isAccepted { activate(id, epoch: epoch) } else { claim(id) }
        case (false, let epoch) where !isOurs && owner.record.epoch >= epoch: claim(id)
        case (true, let epoch) where !isOurs && owner.isAccepted && owner.record.epoch > epoch:
            logger.warning(
                "another instance owns the partition",
                metadata: ["partition": "\(id)", "owner": "\(owner.record.owner)"])
            giveUp([id])
            group.rejoin()
        case (true, let epoch) where !isOurs && !owner.isAccepted:
            if (try? cache.isOwnerCovered(partition: id)) == true {
                batch.add(ownership(epoch), of: id, encoder)
            }
        default: break
        }
    }

    /// The barrier is passed: what the log says of the partition is all there is.
    private func activate(_ id: Int32, epoch: Int64) {
        let now = Timestamp.now
        do {
            let tasks = try cache.activeTasks(partition: id)
            var engine = PartitionEngine(partition: id, epoch: epoch, configuration: engineConfiguration)
            // In this order: an attempt moves from the one to the other, so none is missed.
            let running = executor.running
            let effects = engine.restore(tasks, running: running, ended: unread.refs.union(outbox.refs), now: now)
            partitions[id]?.activate(engine)
            slots.attach(engine.snapshots, engineConfiguration)
            add(effects, of: id, now: now)
            try rewriteCovered(id, epoch: epoch, now: now)
            logger.info(
                "partition is ours", metadata: ["partition": "\(id)", "epoch": "\(epoch)", "tasks": "\(tasks.count)"])
        } catch {
            abandonAll("the cache cannot be read", error)
            return
        }
        let early = partitions[id]?.early ?? []
        partitions[id]?.early = []
        if !early.isEmpty { takeEarly(early) }
        group.resume(id)
    }
}

extension AppliedTask {
    /// Whether the attempt is over by this snapshot. An older snapshot says nothing about it: the tail may lag behind.
    func isPast(_ ref: AttemptRef) -> Bool {
        attempt > ref.attempt || (attempt == ref.attempt && !isAttemptAlive)
    }
}
