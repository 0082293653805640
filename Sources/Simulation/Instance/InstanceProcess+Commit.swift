internal import TaskEngine
internal import TaskModel

/// Commits, a step at a time: between any two of them the process may stop, or die.
extension InstanceProcess {
    /// An own commit proves that this process is still the owner; its attempts live on that proof.
    private var needsProof: Bool {
        !slots.owned.isEmpty && local - max(lastProofAt, lastWriteAt) > Timing.proof
    }

    func commitIfNeeded() {
        guard !partitions.isEmpty else { return }
        if batch.isOnlySteps {
            // What they wait for has been written and read back: there is nothing to commit before them.
            let steps = batch.afterwards
            batch = Batch()
            activity = .performing(steps, startedAt: lastWriteAt)
            return
        }
        guard !batch.isEmpty || needsProof else { return }
        beginCommit()
    }

    func beginCommit() {
        var offsets: [InputPlace: Int] = [:]
        for (id, partition) in partitions {
            for (channel, offset) in partition.positions {
                offsets[InputPlace(channel: channel, partition: id)] = offset
            }
        }
        let records =
            environment.has(.effectsFirst) ? batch.effects + batch.states : batch.states + batch.effects
        let current = MemberProof(memberID: memberID ?? 0, generation: knownGeneration ?? 0)
        activity = .committing(
            Commit(
                batch: batch, records: records, offsets: offsets,
                proof: environment.has(.boundGeneration) ? proof : current, startedAt: local))
        batch = Batch()
    }

    func commitStep(_ commit: Commit) {
        var commit = commit
        do throws(BrokerRefusal) {
            switch commit.stage {
            case .records: try writeRecords(&commit)
            case .echo: waitForEcho(&commit)
            case .offsets: try writeOffsets(&commit)
            case .decision: try decide(commit)
            }
        } catch {
            note("is refused: \(error)")
            activity = .recovering
        }
    }

    private func writeRecords(_ commit: inout Commit) throws(BrokerRefusal) {
        for _ in 0..<(1 + environment.random.below(4)) where commit.next < commit.records.count {
            let record = commit.records[commit.next]
            commit.next += 1
            if environment.fault(environment.options.weather.lostConnections) {
                note("loses the connection")
                loseRecord(record)
                activity = .recovering
                return
            }
            try write(record)
            if record.place.topic == .status {
                commit.ends[record.place.partition] = broker.log.end(record.place)
            }
        }
        if commit.next == commit.records.count {
            commit.stage = environment.options.guarantee == .exactlyOnce ? .offsets : .echo
        }
        activity = .committing(commit)
    }

    private func write(_ record: Batch.Outgoing) throws(BrokerRefusal) {
        switch environment.options.guarantee {
        case .exactlyOnce:
            try broker.produce(
                record.payload, to: record.place, by: name, epoch: producerEpoch, at: environment.now)
        case .atLeastOnce: broker.append(record.payload, to: record.place, by: name, at: environment.now)
        }
        note("writes \(record.payload.summary) to \(record.place.topic)/\(record.place.partition)")
    }

    /// The sender believes that the record failed. It did, or it did not, or it arrives later.
    private func loseRecord(_ record: Batch.Outgoing) {
        guard environment.options.guarantee == .atLeastOnce else { return }
        switch environment.random.below(3) {
        case 0: broker.append(record.payload, to: record.place, by: name, at: environment.now)
        case 1: broker.inFlight.append((record.place, record.payload, name))
        default: break
        }
    }

    /// Without transactions, only the tail tells whether the snapshots count.
    private func waitForEcho(_ commit: inout Commit) {
        guard environment.has(.offsetsAfterEcho) else {
            succeed(commit)
            return
        }
        guard disk.fold.hasPassed(commit.ends) else { return }
        for id in commit.ends.keys.sorted() {
            if let engine = partitions[id]?.engine, disk.fold.epochs[id] ?? 0 > engine.epoch {
                note("wrote to partition \(id), which has another owner")
                activity = .recovering
                return
            }
        }
        succeed(commit)
    }

    /// Offsets that nobody waits for: they go when they go, and what a refusal says counts for its membership alone.
    func sendOffsets() {
        guard let waiting = offsetsUnderWay.first, environment.random.chance(environment.hasFaults ? 60 : 100) else {
            return
        }
        offsetsUnderWay.removeFirst()
        do throws(BrokerRefusal) {
            try broker.commitOffsets(waiting.offsets, of: waiting.proof)
            guard !environment.fault(2) else {
                note("loses the answer to its offsets")
                return
            }
            guard waiting.proof == proof else { return }
            proved(since: waiting.startedAt)
        } catch {
            guard waiting.proof == proof, !partitions.isEmpty else { return }
            note("is refused: \(error)")
            activity = .recovering
        }
    }

    private func proved(since startedAt: Int64) {
        lastProofAt = max(lastProofAt, startedAt)
        let leaseUntil = startedAt + Int64(configuration.leaseSeconds) * 1000
        runner.renew(slots.owned.sorted { ($0.taskID, $0.attempt) < ($1.taskID, $1.attempt) }, until: leaseUntil)
    }

    private func writeOffsets(_ commit: inout Commit) throws(BrokerRefusal) {
        try broker.sendOffsets(commit.offsets, of: commit.proof, by: name, epoch: producerEpoch, at: environment.now)
        commit.stage = .decision
        activity = .committing(commit)
    }

    private func decide(_ commit: Commit) throws(BrokerRefusal) {
        if environment.fault(2) {
            // Whether the request or its answer was lost, the process cannot know.
            if environment.random.chance(50) { try broker.commit(name, epoch: producerEpoch, at: environment.now) }
            note("loses the answer to its commit")
            activity = .recovering
            return
        }
        try broker.commit(name, epoch: producerEpoch, at: environment.now)
        succeed(commit)
    }

    private func succeed(_ commit: Commit) {
        lastWriteAt = commit.startedAt
        note("commits \(commit.records.count) records")
        switch environment.options.guarantee {
        case .exactlyOnce: proved(since: commit.startedAt)
        case .atLeastOnce:
            offsetsUnderWay.append((offsets: commit.offsets, proof: commit.proof, startedAt: commit.startedAt))
        }
        for key in commit.batch.settledReports { outbox[key] = nil }
        activity = .performing(commit.batch.afterwards, startedAt: commit.startedAt)
    }

    func performStep(_ steps: [Batch.Afterwards], _ startedAt: Int64) {
        guard let step = steps.first else {
            activity = .idle
            return
        }
        activity = .performing(Array(steps.dropFirst()), startedAt: startedAt)
        switch step {
        case .start(let order): start(order, committedAt: startedAt)
        case .stop(let ref, let reason): stop(ref, reason)
        case .answer(let ref, let number, let answer): self.answer(ref, number, answer)
        }
    }
}

extension Payload {
    /// For the trace.
    var summary: String {
        switch self {
        case .inbound: "an input"
        case .snapshot(let snapshot):
            "\(snapshot.id) v\(snapshot.state.version) e\(snapshot.state.epoch) \(snapshot.state.status.rawValue)"
        case .owner(let record): "owner \(record.owner)/\(record.incarnation) e\(record.epoch)"
        case .notification(let id): "notification \(id)"
        case .deadLetter(let origin, let reason): "dead letter \(origin) \(reason.rawValue)"
        case .marker: "a marker"
        }
    }
}
