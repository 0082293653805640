internal import Kafka
internal import Logging
internal import TaskEngine
internal import TaskModel
internal import TaskRunner

/// One commit holds what a batch of inputs caused and the offsets behind it.
extension OwnerLoop {
    /// An own commit proves to the broker that this instance is still the owner; local attempts live on that proof.
    private var needsProof: Bool {
        !slots.owned.isEmpty
            && Uptime.now - lastCommitAt > Double(engineConfiguration.leaseSeconds) / 4
    }

    func commitIfNeeded() {
        guard !partitions.isEmpty, !batch.isEmpty || needsProof else { return }
        let batch = batch
        self.batch = CommitBatch()
        let startedAt = Uptime.now
        do {
            try committer.commit(
                CommitRequest(effects: batch.effects, snapshots: batch.snapshots, offsets: offsets()))
        } catch {
            status.committed(batch, seconds: Uptime.now - startedAt, succeeded: false)
            abandonAll(error)
            return
        }
        lastCommitAt = startedAt
        status.committed(batch, seconds: Uptime.now - startedAt, succeeded: true)
        executor.renewLeases(slots.owned, from: startedAt, seconds: engineConfiguration.leaseSeconds)
        perform(batch, committedFrom: startedAt)
    }

    /// The positions of every partition that is owned, changed or not: with them the broker refuses a former owner.
    private func offsets() -> [InputPosition: Int64] {
        var offsets: [InputPosition: Int64] = [:]
        for (id, partition) in partitions {
            for (channel, offset) in partition.positions {
                offsets[InputPosition(channel: channel, partition: id)] = offset
            }
        }
        return offsets
    }

    private func perform(_ batch: CommitBatch, committedFrom startedAt: Double) {
        for ref in batch.settledReports { outbox.remove(ref) }
        for step in batch.afterwards {
            switch step {
            case .start(let order): executor.start(order, leaseFrom: startedAt)
            case .stop(let ref, let reason): executor.stop(ref, reason: reason)
            }
        }
        for case .lost(let ref) in batch.notes {
            logger.warning("attempt lost", metadata: ["attempt": "\(ref)"])
        }
        for case .duplicate(let id) in batch.notes {
            logger.info("duplicate request ignored", metadata: ["task": "\(id)"])
        }
    }

    func publishStatus() {
        status.update(partitions: partitions, slots: slots, isDraining: isDraining)
    }
}
