/// What a failed attempt calls for, where its runner knows.
public struct AttemptFailure: Hashable, Sendable {
    public enum Cause: String, Hashable, Sendable, CaseIterable {
        /// Another try of the same, later; it spends none of `max_retries`.
        case transient
        /// Something else than the same again.
        case recovery
        /// Nothing that another try could mend: credentials, policy, a budget.
        case final
    }

    public var cause: Cause
    /// One word of a closed set: those of the agents (docs/agents.md), and `budget_exceeded`.
    public var code: String
    /// How long the agent itself was told to wait before another try, in milliseconds.
    public var retryAfterMilliseconds: Int64?

    /// What is longer than a day counts as a day.
    static let longestRetryAfter: Int64 = 86_400_000

    public static let budgetExceeded = AttemptFailure(cause: .final, code: "budget_exceeded")

    public init(cause: Cause, code: String, retryAfterMilliseconds: Int64? = nil) {
        self.cause = cause
        self.code = code
        self.retryAfterMilliseconds = retryAfterMilliseconds.map { min(max(0, $0), Self.longestRetryAfter) }
    }

    var json: JSONValue {
        [
            "cause": .string(cause.rawValue), "code": .string(code),
            "retry_after_ms": retryAfterMilliseconds.map { .integer($0) } ?? .null,
        ]
    }

    init(_ object: JSONObject) throws(ContractViolation) {
        var fields = FieldReader(object, path: "failure.")
        guard let cause = try fields.choice("cause", Cause.self) else { throw fields.missing("cause") }
        self.init(
            cause: cause, code: try fields.text("code", 1...100) ?? "other",
            retryAfterMilliseconds: try fields.integer("retry_after_ms", 0...Int64.max))
    }
}
