internal import Authorization
internal import Kafka
internal import Logging
internal import TaskCache
internal import TaskEngine
internal import TaskModel
internal import TaskRunner

/// Records of the input topics.
extension OwnerLoop {
    func take(_ records: [InboundRecord]) {
        var rest = records[...]
        while !rest.isEmpty {
            handle(rest.prefix(configuration.maximumBatch))
            rest = rest.dropFirst(configuration.maximumBatch)
            if batch.inputCount >= configuration.maximumBatch {
                dispatch(.now)
                commitIfNeeded()
            }
        }
        group.taken(records.count)
    }

    /// Records that came before the barrier was passed.
    func takeEarly(_ records: [InboundRecord]) {
        handle(records[...])
    }

    private func handle(_ records: ArraySlice<InboundRecord>) {
        var decoded: [(InboundRecord, Result<InboundMessage, ContractViolation>)] = []
        decoded.reserveCapacity(records.count)
        let readAt = Timestamp.now
        for record in records {
            guard let partition = partitions[record.partition] else { continue }
            guard partition.isActive else {
                partitions[record.partition]?.early.append(record)
                continue
            }
            // Read twice after a rejoin, or of a time before this ownership.
            guard record.offset >= partition.positions[record.channel] ?? 0 else { continue }
            decoded.append(decode(record, at: readAt))
        }
        let whereabouts: [Whereabouts]
        do {
            whereabouts = try Lookup(self).whereabouts(of: decoded)
        } catch {
            abandonAll("tasks cannot be looked up", error)
            return
        }
        let now = Timestamp.now
        for (index, (record, message)) in decoded.enumerated() {
            let effects =
                partitions[record.partition]?.handle(.record(record, message, whereabouts[index]), now: now) ?? []
            add(effects, of: record.partition, now: now)
            partitions[record.partition]?.positions[record.channel] = record.offset + 1
            batch.inputCount += 1
        }
        for partition in partitions.values { partition.letGoAdmitted() }
    }

    /// Finds out who sent the record, and what it says. Also for what another owner forwarded: it kept its headers.
    private func decode(_ record: InboundRecord, at now: Timestamp) -> Lookup.Decoded {
        var record = record
        record.authority = configuration.authority.authority(of: record, now: now)
        do throws(ContractViolation) {
            return (record, .success(try InboundMessage.decode(record)))
        } catch {
            // Who has no token is told that, and nothing about the contract.
            guard case .refused(let violation) = record.authority else { return (record, .failure(error)) }
            return (record, .failure(violation))
        }
    }

    /// A report of our own runner: in memory while the partition is ours, over the reports topic otherwise.
    func take(_ report: RunnerReport, of partition: Int32) {
        if ReportOutbox.mustArrive(report) { outbox.insert(report, partition: partition, now: Uptime.now) }
        if report.kind == .finished {
            unread.remove(report.ref)
            slots.end(report.ref)
        }
        deliver(report, partition)
    }

    func deliver(_ report: RunnerReport, _ partition: Int32) {
        guard partitions[partition]?.isActive == true else {
            reporter.send(encoder.report(report, partition: partition), of: report.ref)
            return
        }
        let now = Timestamp.now
        let effects = partitions[partition]?.handle(.report(report), now: now) ?? []
        add(effects, of: partition, now: now)
        if ReportOutbox.mustArrive(report) { batch.settledReports.append(report) }
    }

    func resendReports() {
        for entry in outbox.due(now: Uptime.now) { deliver(entry.report, entry.partition) }
        commitIfNeeded()
    }
}
