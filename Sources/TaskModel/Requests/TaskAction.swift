/// What a user wants done to a task that exists.
public struct TaskAction: Hashable, Sendable {
    public let taskID: TaskID
    public let verb: TaskVerb
    /// At most 500 characters.
    public let reason: String?
    public let actor: String?

    public init(taskID: TaskID, verb: TaskVerb, reason: String? = nil, actor: String? = nil) {
        self.taskID = taskID
        self.verb = verb
        self.reason = reason
        self.actor = actor
    }

    /// Reads and validates an action.
    public init(_ object: JSONObject) throws(ContractViolation) {
        var fields = FieldReader(object)
        guard let taskID = try fields.taskID("task_id") else { throw fields.missing("task_id") }
        guard let verb = try fields.choice("action", TaskVerb.self, reason: .unknownAction) else {
            throw fields.missing("action")
        }
        self.taskID = taskID
        self.verb = verb
        reason = try fields.text("reason", 0...500)
        actor = try fields.actor("actor")
    }

    /// The record's value.
    public var json: [UInt8] {
        var writer = JSONWriter(capacity: 128)
        writer.object {
            $0.name("task_id")
            $0.string(taskID.text)
            $0.name("action")
            $0.string(verb.rawValue)
            $0.optional("reason", reason)
            $0.optional("actor", actor)
        }
        return writer.bytes
    }
}

extension FieldReader {
    /// Who acts: a string, or an integer as older tools send it.
    mutating func actor(_ name: String) throws(ContractViolation) -> String? {
        guard let value = take(name) else { return nil }
        switch value {
        case .integer(let number): return String(number)
        case .string(let text) where (1...200).contains(text.unicodeScalars.count): return text
        case .string:
            throw ContractViolation(.outOfRange, field: name, "The field \(name) must have 1 to 200 characters.")
        default: throw wrongType(name, value, "an integer or a string")
        }
    }
}
