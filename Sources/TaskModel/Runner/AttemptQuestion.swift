/// What an attempt may do only when somebody has agreed. The attempt waits for the answer; the runner repeats the question
/// with every heartbeat, for the task may get another owner meanwhile.
public struct AttemptQuestion: Hashable, Sendable {
    /// 1, 2, 3, … within the attempt.
    public let number: Int
    /// The gate that it hits.
    public let gate: String
    /// The trigger that found it.
    public let rule: String
    /// Why, in one sentence.
    public let reason: String
    /// Exactly what would be done, as an approver is shown it. What of it could change meanwhile is in here, too (commit
    /// ids, hashes of files), so that an approval fits nothing else.
    public let action: JSONObject

    public init(number: Int, gate: String, rule: String, reason: String, action: JSONObject) {
        self.number = number
        self.gate = gate
        self.rule = rule
        self.reason = reason
        self.action = action
    }

    var json: JSONValue {
        [
            "number": .integer(Int64(number)), "gate": .string(gate), "rule": .string(rule),
            "reason": .string(reason), "action": .object(action),
        ]
    }

    init(_ object: JSONObject) throws(ContractViolation) {
        var fields = FieldReader(object)
        guard let number = try fields.integer("number", 1...Int64(Int32.max)) else { throw fields.missing("number") }
        guard let gate = try fields.string("gate") else { throw fields.missing("gate") }
        guard let action = try fields.object("action") else { throw fields.missing("action") }
        self.init(
            number: Int(number), gate: gate, rule: try fields.string("rule") ?? "",
            reason: try fields.string("reason") ?? "", action: action)
    }
}

/// The owner's answer to a question of an attempt.
public enum QuestionAnswer: Hashable, Sendable {
    /// It may be done, once. The use of the approval stands in the log already.
    case granted(confirmationID: String)
    /// It may not, and the task ends.
    case refused(reason: String)

    /// Stands for the confirmation where nobody had to agree.
    public static let ungated = "none"
}

/// What became of an approved act. Without it nobody knows: then a human is asked again.
public struct AttemptAct: Hashable, Sendable {
    public let confirmationID: String
    /// What the command said when it ended; `nil` where it could not be run.
    public let exitCode: Int32?
    /// One sentence.
    public let summary: String

    public init(confirmationID: String, exitCode: Int32?, summary: String) {
        self.confirmationID = confirmationID
        self.exitCode = exitCode
        self.summary = summary
    }

    var json: JSONValue {
        [
            "confirmation_id": .string(confirmationID),
            "exit_code": exitCode.map { .integer(Int64($0)) } ?? .null, "summary": .string(summary),
        ]
    }

    init(_ object: JSONObject) throws(ContractViolation) {
        var fields = FieldReader(object)
        guard let id = try fields.string("confirmation_id") else { throw fields.missing("confirmation_id") }
        let code = try fields.integer("exit_code", Int64(Int32.min)...Int64(Int32.max))
        self.init(
            confirmationID: id, exitCode: code.map(Int32.init), summary: try fields.string("summary") ?? "")
    }
}
