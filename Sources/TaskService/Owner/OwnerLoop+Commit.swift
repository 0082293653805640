internal import Kafka
internal import Logging
internal import TaskEngine
internal import TaskModel
internal import TaskRunner

/// One commit holds what a batch of inputs caused and the offsets behind it.
extension OwnerLoop {
    /// An own commit proves to the broker that this instance is still the owner; local attempts live on that proof.
    private var needsProof: Bool {
        // One that has been asked for and not been answered is not asked for again and again.
        !slots.owned.isEmpty
            && Uptime.now - max(lastProofAt, lastWriteAt) > Double(engineConfiguration.leaseSeconds) / 4
    }

    func commitIfNeeded() {
        guard !partitions.isEmpty, let membership else { return }
        if batch.isOnlySteps {
            // What they wait for has been written and read back: there is nothing to commit before them.
            let batch = batch
            self.batch = CommitBatch()
            perform(batch, committedFrom: lastWriteAt)
        }
        guard !batch.isEmpty || needsProof else { return }
        var batch = batch
        self.batch = CommitBatch()
        let startedAt = Uptime.now
        let isProof: Bool
        do {
            isProof = try commit(&batch, as: membership)
        } catch {
            status.committed(batch, seconds: Uptime.now - startedAt, succeeded: false)
            abandonAll("a commit failed", error)
            return
        }
        lastWriteAt = startedAt
        status.committed(batch, seconds: Uptime.now - startedAt, succeeded: true)
        if isProof { renewLeases(from: startedAt) }
        perform(batch, committedFrom: startedAt)
    }

    private func renewLeases(from startedAt: Double) {
        lastProofAt = max(lastProofAt, startedAt)
        executor.renewLeases(slots.owned, from: startedAt, seconds: engineConfiguration.leaseSeconds)
    }

    /// The broker's answer to offsets that were committed beside the loop. One to an earlier membership says nothing
    /// about the present one.
    func takeAnswer(_ error: KafkaError?, of membership: GroupMembership, startedAt: Double) {
        guard membership == self.membership, !partitions.isEmpty else { return }
        if let error {
            abandonAll("offsets were refused", error)
        } else {
            renewLeases(from: startedAt)
        }
    }

    /// - Returns: whether the broker has acknowledged the membership with it.
    private func commit(_ batch: inout CommitBatch, as membership: GroupMembership) throws -> Bool {
        do {
            return try committer.commit(request(batch, membership))
        } catch let error as KafkaError where error.code == .recordTooLarge {
            guard batch.omitLargeValues(of: configuration.layout.deadLetters) else { throw error }
            logger.error(
                "a dead letter is larger than its topic takes; it is written without its value",
                metadata: ["topic": "\(configuration.layout.deadLetters)", "remedy": "raise its max.message.bytes"])
            return try committer.commit(request(batch, membership))
        }
    }

    private func request(_ batch: CommitBatch, _ membership: GroupMembership) -> CommitRequest {
        CommitRequest(
            effects: batch.effects, snapshots: batch.snapshots, offsets: offsets(), membership: membership,
            epochs: partitions.compactMapValues { $0.engine?.epoch })
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
        for report in batch.settledReports { outbox.remove(report) }
        for step in batch.afterwards {
            switch step {
            case .start(let order):
                executor.start(order, leaseFrom: startedAt)
                if isInterrupting { executor.stop(order.ref, reason: .interrupted) }
            case .stop(let ref, let reason): executor.stop(ref, reason: reason)
            case .answer(let ref, let number, let answer): executor.answer(ref, question: number, answer)
            }
        }
        for case .lost(let ref) in batch.notes {
            logger.warning("attempt lost", metadata: ["attempt": "\(ref)"])
        }
        for case .sandboxUnavailable(let ref, let runner) in batch.notes {
            logger.error("no sandbox could be made", metadata: ["attempt": "\(ref)", "runner": "\(runner)"])
        }
        for case .gateHit(let id, let gate, let rule) in batch.notes {
            logger.notice("the command hits a gate", metadata: ["task": "\(id)", "gate": "\(gate)", "rule": "\(rule)"])
        }
        for case .unanswerable(let ref, let gate, let reason) in batch.notes {
            logger.warning(
                "a question of an attempt is refused",
                metadata: ["attempt": "\(ref)", "gate": "\(gate)", "reason": "\(reason)"])
        }
        for case .duplicate(let id) in batch.notes {
            logger.info("duplicate request ignored", metadata: ["task": "\(id)"])
        }
    }

    func publishStatus() {
        status.update(partitions: partitions, isDraining: isDraining) { inputLag }
    }

    /// Input records that have been written and not been taken in.
    private var inputLag: Int64 {
        var lag: Int64 = 0
        for (id, partition) in partitions {
            for (channel, position) in partition.positions {
                lag += max(0, (group.knownEnd(channel, id) ?? position) - position)
            }
        }
        return lag
    }
}
