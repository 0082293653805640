/// What an approver says to a confirmation.
public struct ConfirmationDecision: Hashable, Sendable {
    public let confirmationID: String
    public let taskID: TaskID
    public let verdict: Verdict
    public let actor: String
    public let reason: String?
    public let decidedAt: Timestamp?
    /// Of the act that the decision is about, as its confirmation gives it: the decision counts for no other. `nil` for
    /// whatever the confirmation of that id asks about.
    public let fingerprint: String?

    public init(
        confirmationID: String, taskID: TaskID, verdict: Verdict, actor: String, reason: String? = nil,
        decidedAt: Timestamp? = nil, fingerprint: String? = nil
    ) {
        self.confirmationID = confirmationID
        self.taskID = taskID
        self.verdict = verdict
        self.actor = actor
        self.reason = reason
        self.decidedAt = decidedAt
        self.fingerprint = fingerprint
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
        fingerprint = try fields.text("fingerprint", 1...128)
    }

    /// The record's value.
    public var json: [UInt8] {
        var writer = JSONWriter(capacity: 192)
        writer.object { writeMembers(to: &$0) }
        return writer.bytes
    }

    func writeMembers(to writer: inout JSONWriter) {
        writer.name("confirmation_id")
        writer.string(confirmationID)
        writer.name("task_id")
        writer.string(taskID.text)
        writer.name("decision")
        writer.string(verdict.rawValue)
        writer.name("actor")
        writer.string(actor)
        writer.optional("reason", reason)
        writer.optional("decided_at", decidedAt)
        writer.optional("fingerprint", fingerprint)
    }
}
