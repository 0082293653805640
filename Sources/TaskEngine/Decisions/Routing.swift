public import TaskModel

/// Actions and decisions find the partition of their task.
extension PartitionEngine {
    /// Whether the shell must let the tail pass the current end of the log before it calls the task of this message
    /// unknown: there is no other partition left where it could be looked for.
    public func mustSettle(_ message: InboundMessage, from record: InboundRecord) -> Bool {
        switch message {
        case .request, .report: false
        case .action(let action): mustSettle(action.taskID, record)
        case .decision(let decision): mustSettle(decision.taskID, record)
        }
    }

    private func mustSettle(_ id: TaskID, _ record: InboundRecord) -> Bool {
        !holds(id) && (record.isRouted || home(of: id.text) == partition)
    }

    /// Whether the task is here; if not, the record has been forwarded or dead-lettered.
    mutating func routed(_ id: TaskID, _ record: InboundRecord, _ whereabouts: Whereabouts) -> Bool {
        if tasks.contains(id) { return true }
        let home = home(of: id.text)
        switch whereabouts {
        case .elsewhere(let partition) where partition != self.partition:
            effects.append(.forward(record, to: partition))
        case _ where !record.isRouted && home != partition:
            // The request may have been forwarded the same way a moment ago: follow it, order is kept.
            effects.append(.forward(record, to: home))
        default:
            effects.append(
                .deadLetter(
                    record,
                    ContractViolation(
                        .unknownTask, field: "task_id",
                        "There is no task \(id). Check the id, and that its request was published before.")))
        }
        return false
    }

    /// Whether this very input has been applied to the task before.
    mutating func isRepeated(_ id: TaskID, _ record: InboundRecord) -> Bool {
        guard configuration.rules.contains(.appliedInputs) else { return false }
        let origin = record.origin.description
        if tasks.snapshot(of: id)?.state.appliedInputs.contains(origin) == true {
            effects.append(.note(.repeated(id)))
            return true
        }
        return false
    }

    /// Remembers the input in the state that it changes.
    static func remember(_ record: InboundRecord, in state: inout TaskState) {
        state.appliedInputs.append(record.origin.description)
        if state.appliedInputs.count > TaskState.appliedInputsLimit { state.appliedInputs.removeFirst() }
    }
}
