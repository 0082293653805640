/// A decision that came before its question, kept with the task until that is asked.
public struct EarlyDecision: Hashable, Sendable {
    /// How many a task keeps at a time. Each stands in all of its snapshots.
    public static let limit = 8
    /// How far ahead of the latest question one may be.
    public static let farthest = 8

    public let decision: ConfirmationDecision
    public let authority: DecisionAuthority
    /// The roles that a token proved: gates may ask for one.
    public let roles: [String]
    /// Where the record stood.
    public let origin: RecordOrigin

    /// `nil` for a record whose token does not count.
    public init?(_ decision: ConfirmationDecision, from record: InboundRecord) {
        guard let authority = DecisionAuthority(record.authority) else { return nil }
        self.decision = decision
        self.authority = authority
        roles = record.authority.principal?.roles.sorted() ?? []
        origin = record.origin
    }

    /// The record once more, on the authority that it was taken in with, and without its token: that is kept nowhere.
    public func record(at now: Timestamp) -> InboundRecord {
        var record = InboundRecord(
            channel: .confirmations, topic: origin.topic, partition: origin.partition, offset: origin.offset,
            key: Array(decision.taskID.text.utf8), value: decision.json, timestamp: decision.decidedAt ?? now)
        if case .token(let issuer, let keyID) = authority {
            record.authority = .verified(
                Principal(
                    subject: decision.actor, issuer: issuer, keyID: keyID, roles: Set(roles),
                    permissions: [.executeTasks]))
        }
        return record
    }
}

extension EarlyDecision {
    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.name("decision")
            $0.object { decision.writeMembers(to: &$0) }
            $0.name("authority")
            authority.write(to: &$0)
            $0.optional("roles", roles)
            $0.name("origin")
            $0.string(origin.description)
        }
    }

    init(_ object: JSONObject) throws(ContractViolation) {
        var fields = FieldReader(object, path: "early_decisions.")
        guard let decision = try fields.object("decision") else { throw fields.missing("decision") }
        self.decision = try ConfirmationDecision(decision)
        guard let authority = try fields.object("authority") else { throw fields.missing("authority") }
        self.authority = try DecisionAuthority(authority)
        roles = fields.takeTexts("roles")
        guard let origin = try fields.string("origin").flatMap(RecordOrigin.init) else {
            throw fields.missing("origin")
        }
        self.origin = origin
    }
}
