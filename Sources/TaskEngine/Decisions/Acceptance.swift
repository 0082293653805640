internal import CommandPolicy
public import TaskModel

/// Requests: identity, home, dedupe, acceptance.
extension PartitionEngine {
    mutating func accept(
        _ request: TaskRequest, from record: InboundRecord, _ whereabouts: Whereabouts, now: Timestamp
    ) {
        let id = request.taskID ?? derivedID(of: record)
        let home = home(of: request.metadata.concurrencyKey ?? id.text)
        if configuration.rules.contains(.dedupe), isKnown(id, whereabouts) {
            effects.append(.note(.duplicate(id)))
            return
        }
        guard home == partition else {
            send(record, to: home)
            return
        }
        let verdict: PolicyVerdict?
        do throws(ContractViolation) {
            verdict = try admissible(request)
        } catch {
            effects.append(.deadLetter(record, error))
            return
        }
        lastSequence += 1
        let spec = TaskSpec(request, id: id)
        var state = TaskState(createdAt: now, epoch: epoch, traceparent: record.traceparent)
        state.sandbox = configuration.sandbox
        state.needsApproval = needsApproval(spec, verdict, request)
        let snapshot = TaskSnapshot(spec: spec, state: state)
        tasks.insert(
            TaskTable.Entry(
                snapshot: snapshot, sequence: lastSequence, verdict: verdict, isCleared: !state.needsApproval,
                publishedAt: now))
        effects.append(.publish(snapshot))
        effects.append(.note(.accepted(id)))
        effects += gateNotes(request, id: id).map(Effect.note)
        if state.needsApproval {
            ask(id, now: now)
        } else {
            schedule(id, now: now)
        }
    }

    /// The id of a request that brought none, the same however often the record is read.
    public func derivedID(of record: InboundRecord) -> TaskID {
        let origin = record.origin
        var counter = 0
        while true {
            let id = TaskID.derived(
                topic: origin.topic, partition: origin.partition, offset: origin.offset, counter: counter)
            // After a change of the number of partitions the origin's may not exist; any id serves then.
            if home(of: id.text) == origin.partition || counter > 100 * Int(configuration.partitionCount) { return id }
            counter += 1
        }
    }

    /// Whether a task of that id was accepted before, here or on another partition.
    func isKnown(_ id: TaskID, _ whereabouts: Whereabouts) -> Bool {
        if case .elsewhere = whereabouts { true } else { tasks.contains(id) }
    }

    /// Forwards a record to the partition that it belongs to; one that was forwarded already is not sent round.
    mutating func send(_ record: InboundRecord, to home: Int32) {
        if record.isRouted {
            effects.append(
                .deadLetter(
                    record,
                    ContractViolation(
                        .misrouted,
                        "The record was forwarded to partition \(partition), but belongs to \(home): the number of "
                            + "partitions or the partitioner changed. Replay it.")))
        } else {
            effects.append(.forward(record, to: home))
        }
    }
}

extension InboundRecord {
    /// The W3C trace context of the record, if it is well formed.
    var traceparent: String? {
        guard let text = header("traceparent"), text.utf8.count == 55 else { return nil }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, parts.map(\.utf8.count) == [2, 32, 16, 2],
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) } })
        else { return nil }
        return text
    }
}
