public import TaskModel

/// What the shell must do. Records of one call of `handle` belong in one commit, in their order; attempts are started
/// and stopped after the commit succeeded.
public enum Effect: Sendable {
    /// Write the snapshot to this partition of the status topic.
    case publish(TaskSnapshot)
    case notify(Notification)
    /// Keep the input, byte for byte, with the reason.
    case deadLetter(InboundRecord, ContractViolation)
    /// Write the input again to another partition of its topic.
    case forward(InboundRecord, to: Int32)
    case start(AttemptOrder)
    /// Stop an attempt of this instance. Runners elsewhere learn it from the snapshot.
    case stop(AttemptRef, StopReason)
    /// Answer a question of an attempt of this instance. Runners elsewhere learn it from the snapshot.
    case answer(AttemptRef, question: Int, QuestionAnswer)
    case note(Note)
}

/// What is worth a counter and a line in the log.
public enum Note: Hashable, Sendable {
    case accepted(TaskID)
    /// A request whose id is known.
    case duplicate(TaskID)
    /// An action or decision that had been applied already.
    case repeated(TaskID)
    /// A report that is not about the current attempt.
    case staleReport(AttemptRef)
    case lost(AttemptRef)
    /// No sandbox could be made for an attempt.
    case sandboxUnavailable(AttemptRef, runner: String)
    case finished(AttemptRef, AttemptOutcome)
    /// The command hits a gate of its task, about which `auto` asks nobody.
    case gateHit(TaskID, gate: String, rule: String)
    /// An attempt asks what cannot be put to anybody: it is refused that, without a trace in the task.
    case unanswerable(AttemptRef, gate: String, reason: String)
}
