/// What is known of an attempt's agent so far. Each account replaces the one before it.
public struct AgentAccount: Hashable, Sendable {
    public var session: AgentSession?
    /// At most `PlanStep.limit` steps.
    public var plan: [PlanStep] = []
    /// Of this attempt alone, its proxy agent included.
    public var usage = TokenUsage()
    /// Questions in words that the proxy agent has answered.
    public var answers = 0
    /// The agent that did what the primary agent could not.
    public var recoveredBy: String?

    public init() {}

    public var isEmpty: Bool { self == AgentAccount() }

    var json: JSONValue {
        [
            "session": session?.json ?? .null, "plan": .array(plan.map(\.json)), "usage": usage.json,
            "answers": .integer(Int64(answers)), "recovered_by": recoveredBy.map(JSONValue.string) ?? .null,
        ]
    }

    init(_ object: JSONObject) throws(ContractViolation) {
        var fields = FieldReader(object, path: "agent.")
        session = try fields.object("session").map { object throws(ContractViolation) in try AgentSession(object) }
        plan = PlanStep.list(fields.take("plan"))
        usage = try TokenUsage(try fields.object("usage") ?? JSONObject())
        answers = Int(try fields.integer("answers", 0...1_000_000) ?? 0)
        recoveredBy = try fields.string("recovered_by")
    }
}
