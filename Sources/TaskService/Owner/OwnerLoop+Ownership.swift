internal import Kafka
internal import Logging
internal import TaskCache
internal import TaskEngine
internal import TaskModel
internal import TaskRunner

/// Taking partitions over and giving them up.
extension OwnerLoop {
    /// Writes an ownership record for each; the tail's echo of it is the barrier.
    func claim(_ assigned: [Int32]) {
        for id in assigned where partitions[id] == nil {
            partitions[id] = OwnedPartition(
                phase: .claiming(epoch: 0), positions: group.startPositions(id))
            claim(id)
        }
        commitIfNeeded()
    }

    private func claim(_ id: Int32) {
        let epoch = ((try? cache.epochs()[id]) ?? 0) + 1
        partitions[id]?.phase = .claiming(epoch: epoch)
        batch.add(
            OwnershipRecord(
                owner: configuration.instance, incarnation: engineConfiguration.incarnation, epoch: epoch,
                partitions: configuration.layout.partitions, takenAt: .now),
            of: id, encoder)
        logger.info("claiming partition", metadata: ["partition": "\(id)", "epoch": "\(epoch)"])
    }

    /// Forgets partitions. Their attempts go on and report to whoever owns them next.
    func giveUp(_ revoked: [Int32]) {
        let running = executor.running.union(outbox.refs)
        for id in revoked {
            guard let partition = partitions.removeValue(forKey: id) else { continue }
            let refs = Set(
                (partition.engine?.snapshots ?? []).filter { $0.state.status == .running }
                    .map { AttemptRef(taskID: $0.id, attempt: $0.state.attempt) })
            slots.detach(refs, running: running, partition: id)
            logger.info("gave up partition", metadata: ["partition": "\(id)", "attempts going on": "\(refs.count)"])
        }
    }

    /// After a commit that failed: what memory holds may never have been written. All partitions are restored from the
    /// log, by whoever owns them next.
    func abandonAll(_ error: any Error) {
        logger.warning("commit failed; rejoining the group", metadata: ["error": "\(error)"])
        batch = CommitBatch()
        giveUp(Array(partitions.keys))
        status.change { $0.brokerProblem = "The last commit failed: \(error)" }
        group.rejoin()
    }

    /// What the tail saw.
    func take(_ result: FoldResult) {
        for (id, owner) in result.owners { take(owner, of: id) }
        let now = Timestamp.now
        for (id, snapshot) in result.applied {
            settle(snapshot)
            guard partitions[id]?.isActive == true else { continue }
            let effects = partitions[id]?.handle(.echo(snapshot.id, snapshot.order), now: now) ?? []
            if !effects.isEmpty { add(effects, of: id, now: now) }
        }
        for (id, snapshot) in result.stale where partitions[id]?.isActive == true {
            status.sawStale()
            admit(snapshot.id, id, now: now)
            let effects = partitions[id]?.handle(.zombie(snapshot.id), now: now) ?? []
            add(effects, of: id, now: now)
        }
    }

    private func admit(_ id: TaskID, _ partition: Int32, now: Timestamp) {
        guard partitions[partition]?.engine?.holds(id) == false, let found = try? cache.tasks(ids: [id])[id],
            found.partition == partition
        else { return }
        partitions[partition]?.admit(found.snapshot, now: now)
    }

    /// A snapshot tells what became of an attempt that runs here for another owner.
    private func settle(_ snapshot: TaskSnapshot) {
        if let entry = outbox.entries.first(where: { $0.key.taskID == snapshot.id }),
            snapshot.state.status != .running || snapshot.state.attempt != entry.key.attempt
        {
            outbox.remove(entry.key)
        }
        for ref in slots.detached.keys where ref.taskID == snapshot.id {
            let isCurrent = snapshot.state.status == .running && snapshot.state.attempt == ref.attempt
            if !isCurrent {
                executor.stop(ref, reason: .superseded)
            } else if snapshot.state.isCancelRequested {
                executor.stop(ref, reason: .cancelled)
            }
        }
    }

    private func take(_ owner: FoldResult.Owner, of id: Int32) {
        guard let partition = partitions[id] else { return }
        let isOurs =
            owner.record.owner == configuration.instance && owner.record.incarnation == engineConfiguration.incarnation
        switch partition.phase {
        case .claiming(let epoch) where isOurs && owner.record.epoch == epoch:
            if owner.isAccepted { activate(id, epoch: epoch) } else { claim(id) }
        case .claiming(let epoch) where !isOurs && owner.record.epoch >= epoch: claim(id)
        case .active(let engine) where !isOurs && owner.isAccepted && owner.record.epoch > engine.epoch:
            logger.warning(
                "another instance owns the partition",
                metadata: ["partition": "\(id)", "owner": "\(owner.record.owner)"])
            giveUp([id])
            group.rejoin()
        default: break
        }
    }

    /// The barrier is passed: what the log says of the partition is all there is.
    private func activate(_ id: Int32, epoch: Int64) {
        let now = Timestamp.now
        do {
            let tasks = try cache.activeTasks(partition: id)
            var engine = PartitionEngine(partition: id, epoch: epoch, configuration: engineConfiguration)
            let running = executor.running.union(outbox.refs)
            let effects = engine.restore(tasks, running: running, now: now)
            partitions[id]?.phase = .active(engine)
            slots.attach(
                Set(
                    engine.snapshots.filter { $0.isRunning(by: engineConfiguration) }
                        .map { AttemptRef(taskID: $0.id, attempt: $0.state.attempt) }))
            add(effects, of: id, now: now)
            logger.info(
                "partition is ours", metadata: ["partition": "\(id)", "epoch": "\(epoch)", "tasks": "\(tasks.count)"])
        } catch {
            logger.error("the cache cannot be read; rejoining", metadata: ["error": "\(error)"])
            giveUp([id])
            group.rejoin()
            return
        }
        let early = partitions[id]?.early ?? []
        partitions[id]?.early = []
        if !early.isEmpty { takeEarly(early) }
        group.resume(id)
    }
}

extension TaskSnapshot {
    fileprivate func isRunning(by configuration: EngineConfiguration) -> Bool {
        state.status == .running && state.lease?.runner == configuration.runner
            && state.lease?.incarnation == configuration.incarnation
    }
}
