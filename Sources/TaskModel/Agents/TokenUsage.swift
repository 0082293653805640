/// Tokens of a model and what they cost.
public struct TokenUsage: Hashable, Sendable {
    /// All tokens that went in, those from the cache among them.
    public var input: Int64
    /// Those of `input` that the model's cache gave.
    public var cached: Int64
    public var output: Int64
    /// In millionths of a US dollar, by the agent's own account; most do not tell.
    public var costMicros: Int64?

    public init(input: Int64 = 0, cached: Int64 = 0, output: Int64 = 0, costMicros: Int64? = nil) {
        self.input = input
        self.cached = cached
        self.output = output
        self.costMicros = costMicros
    }

    public init(input: Int64 = 0, cached: Int64 = 0, output: Int64 = 0, costUSD: Double?) {
        self.init(
            input: input, cached: cached, output: output, costMicros: costUSD.flatMap { Self.micros(dollars: $0) })
    }

    /// What went in and what came out.
    public var total: Int64 { input.addingReportingOverflow(output).overflow ? .max : input + output }

    public var isEmpty: Bool { self == TokenUsage() }

    public var costUSD: Double? { costMicros.map { Double($0) / 1_000_000 } }

    /// A sum that cannot trap, whatever an agent says; a cost is unknown where both are.
    public static func + (left: TokenUsage, right: TokenUsage) -> TokenUsage {
        func sum(_ one: Int64, _ other: Int64) -> Int64 {
            let (sum, isTooLarge) = one.addingReportingOverflow(other)
            return isTooLarge ? .max : sum
        }
        let cost = left.costMicros.map { sum($0, right.costMicros ?? 0) } ?? right.costMicros
        return TokenUsage(
            input: sum(left.input, right.input), cached: sum(left.cached, right.cached),
            output: sum(left.output, right.output), costMicros: cost)
    }

    /// `nil` for what is no amount: negative, not finite, or beyond 9 million dollars.
    static func micros(dollars: Double) -> Int64? {
        guard dollars.isFinite, (0..<9_000_000).contains(dollars) else { return nil }
        return Int64((dollars * 1_000_000).rounded())
    }
}

extension TokenUsage {
    /// As snapshots, reports and events carry it.
    public var json: JSONValue {
        [
            "input_tokens": .integer(input), "cached_tokens": .integer(cached), "output_tokens": .integer(output),
            "cost_usd": costMicros.map(Self.dollars) ?? .null,
        ]
    }

    /// Reads what `json` wrote.
    ///
    /// - Throws: for numbers that are no amounts.
    public init(_ object: JSONObject) throws(ContractViolation) {
        var fields = FieldReader(object, path: "usage.")
        self.init(
            input: try fields.integer("input_tokens", 0...Int64.max) ?? 0,
            cached: try fields.integer("cached_tokens", 0...Int64.max) ?? 0,
            output: try fields.integer("output_tokens", 0...Int64.max) ?? 0,
            costUSD: fields.take("cost_usd")?.doubleValue)
    }

    /// Dollars with six digits behind the point, as a JSON number.
    public static func dollars(_ micros: Int64) -> JSONValue {
        let fraction = String(micros % 1_000_000)
        return .decimal("\(micros / 1_000_000).\(String(repeating: "0", count: 6 - fraction.utf8.count))\(fraction)")
    }
}
