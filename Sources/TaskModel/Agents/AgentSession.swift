/// The agent's own name for what it and its model have said: a later attempt can take it up.
public struct AgentSession: Hashable, Sendable {
    /// The agent that keeps it.
    public var agent: String
    /// A session's or thread's id, as the agent gave it.
    public var id: String

    /// Characters of an id.
    public static let limit = 200

    public init(agent: String, id: String) {
        self.agent = agent
        self.id = id
    }

    public var json: JSONValue { ["agent": .string(agent), "id": .string(id)] }

    public init(_ object: JSONObject) throws(ContractViolation) {
        var fields = FieldReader(object, path: "session.")
        guard let agent = try fields.string("agent") else { throw fields.missing("agent") }
        guard let id = try fields.text("id", 1...Self.limit) else { throw fields.missing("id") }
        self.init(agent: agent, id: id)
    }
}

/// What a new attempt is told of the one before it, so that it goes on where that one was.
public struct AgentResumption: Hashable, Sendable {
    public var session: AgentSession
    /// What is said to the agent: why it was interrupted, and what has been decided since.
    public var note: String

    public init(session: AgentSession, note: String) {
        self.session = session
        self.note = note
    }
}
