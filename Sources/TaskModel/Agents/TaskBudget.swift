/// What models may be used for a task, or for a project in a day (UTC). What is not named has no bound.
public struct TaskBudget: Hashable, Sendable {
    /// Tokens, in and out, those from a cache among them.
    public var tokens: Int64?
    /// In millionths of a US dollar. Holds only for agents that tell what they cost.
    public var costMicros: Int64?

    public init(tokens: Int64? = nil, costMicros: Int64? = nil) {
        self.tokens = tokens
        self.costMicros = costMicros
    }

    public var isEmpty: Bool { tokens == nil && costMicros == nil }

    /// What both allow.
    public func tightened(by other: TaskBudget) -> TaskBudget {
        func least(_ one: Int64?, _ other: Int64?) -> Int64? { [one, other].compactMap(\.self).min() }
        return TaskBudget(tokens: least(tokens, other.tokens), costMicros: least(costMicros, other.costMicros))
    }

    /// Why `usage` is too much; `nil` where it is not.
    ///
    /// - Parameter whose: whose budget it is, as a sentence begins: `the task's budget`.
    public func breach(_ usage: TokenUsage, whose: String) -> String? {
        if let tokens, usage.total > tokens {
            return "\(whose) is spent: \(usage.total) of \(tokens) tokens were used"
        }
        if let costMicros, let cost = usage.costMicros, cost > costMicros {
            return "\(whose) is spent: \(Self.text(cost)) of \(Self.text(costMicros)) US dollars were used"
        }
        return nil
    }

    private static func text(_ micros: Int64) -> String {
        guard case .decimal(let text) = TokenUsage.dollars(micros) else { return "" }
        return text
    }

    /// As requests carry it.
    public var json: JSONValue {
        var members: [JSONObject.Member] = []
        if let tokens { members.append(.init(name: "tokens", value: .integer(tokens))) }
        if let costMicros { members.append(.init(name: "cost_usd", value: TokenUsage.dollars(costMicros))) }
        return .object(JSONObject(members))
    }

    /// Reads `metadata.budget`. What is not understood would be a bound that silently does not hold, so it is an error.
    public init(_ object: JSONObject, path: String = "metadata.budget.") throws(ContractViolation) {
        var fields = FieldReader(object, path: path)
        tokens = try fields.integer("tokens", 1...Int64.max)
        if let value = fields.take("cost_usd") {
            guard let dollars = value.doubleValue, let micros = TokenUsage.micros(dollars: dollars), micros > 0 else {
                throw ContractViolation(
                    .outOfRange, field: path + "cost_usd",
                    "The field \(path)cost_usd must be an amount of US dollars above 0, such as 2.50.")
            }
            costMicros = micros
        }
        if let unknown = fields.rest.first {
            throw ContractViolation(
                .invalidValue, field: String(path.dropLast()),
                "\(path.dropLast()) has no bound \(unknown.name.prefix(40)); there are tokens and cost_usd.")
        }
    }
}
