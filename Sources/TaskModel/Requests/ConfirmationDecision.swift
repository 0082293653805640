/// What an approver says to a confirmation.
public struct ConfirmationDecision: Hashable, Sendable {
    public let confirmationID: String
    public let taskID: TaskID
    public let verdict: Verdict
    public let actor: String
    public let reason: String?
    public let decidedAt: Timestamp?

    public init(
        confirmationID: String, taskID: TaskID, verdict: Verdict, actor: String, reason: String? = nil,
        decidedAt: Timestamp? = nil
    ) {
        self.confirmationID = confirmationID
        self.taskID = taskID
        self.verdict = verdict
        self.actor = actor
        self.reason = reason
        self.decidedAt = decidedAt
    }

    /// Reads and validates a decision. `confirmed: true|false` is accepted for `decision`.
    ///
    /// - Parameter sender: who decides where the record does not say; `nil` where it must.
    public init(_ object: JSONObject, actor sender: String? = nil) throws(ContractViolation) {
        var fields = FieldReader(object)
        guard let id = try fields.text("confirmation_id", 1...300) else { throw fields.missing("confirmation_id") }
        confirmationID = id
        guard let taskID = try fields.taskID("task_id") else { throw fields.missing("task_id") }
        self.taskID = taskID
        let verdict = try fields.choice("decision", Verdict.self)
        let confirmed = fields.take("confirmed")
        switch (verdict, confirmed) {
        case (let verdict?, nil): self.verdict = verdict
        case (nil, .bool(let isConfirmed)): self.verdict = isConfirmed ? .approve : .reject
        case (let verdict?, .bool(let isConfirmed)) where (verdict == .approve) == isConfirmed: self.verdict = verdict
        case (nil, nil): throw fields.missing("decision")
        case (_, .bool):
            throw ContractViolation(
                .invalidValue, field: "confirmed", "The fields decision and confirmed contradict each other.")
        case (_, let value?): throw fields.wrongType("confirmed", value, "a boolean")
        }
        guard let actor = try fields.actor("actor") ?? sender else { throw fields.missing("actor") }
        self.actor = actor
        reason = try fields.text("reason", 0...500)
        decidedAt = try fields.time("decided_at")
    }

    /// The record's value.
    public var json: [UInt8] {
        var writer = JSONWriter(capacity: 192)
        writer.object {
            $0.name("confirmation_id")
            $0.string(confirmationID)
            $0.name("task_id")
            $0.string(taskID.text)
            $0.name("decision")
            $0.string(verdict.rawValue)
            $0.name("actor")
            $0.string(actor)
            $0.optional("reason", reason)
            $0.optional("decided_at", decidedAt)
        }
        return writer.bytes
    }
}
