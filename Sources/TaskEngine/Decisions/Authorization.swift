internal import TaskModel

/// Whether the sender of a record may do what it asks. Who he is and what his roles allow is known by then; which tasks
/// are his business is decided here.
extension PartitionEngine {
    /// A record without a token that counts changes nothing.
    ///
    /// A record that counted when it was first read, and is read again after its token has expired, was taken in
    /// already: that is no failure of its sender.
    mutating func refuse(
        _ message: InboundMessage, from record: InboundRecord, _ whereabouts: Whereabouts,
        _ violation: ContractViolation
    ) {
        switch message {
        case .request(let request):
            let id = request.taskID ?? derivedID(of: record)
            if isKnown(id, whereabouts) {
                effects.append(.note(.duplicate(id)))
                return
            }
        case .action(let action): if isRepeated(action.taskID, record) { return }
        case .decision(let decision): if isRepeated(decision.taskID, record) { return }
        case .report: break
        }
        effects.append(.deadLetter(record, violation))
    }

    /// Whether the task is the sender's business; if not, the record has been dead-lettered.
    mutating func mayTouch(_ id: TaskID, _ record: InboundRecord) -> Bool {
        guard let principal = record.authority.principal, let spec = tasks.snapshot(of: id)?.spec,
            !principal.mayTouch(project: spec.projectID, requester: spec.requester)
        else { return true }
        effects.append(
            .deadLetter(
                record,
                ContractViolation(
                    .forbidden, field: "task_id",
                    "The token of \(principal.subject) is not for project \(spec.projectID), which the task belongs to; "
                        + "its claim projects must name it.")))
        return false
    }
}
