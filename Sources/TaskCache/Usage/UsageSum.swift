internal import GRDB
internal import TaskModel

/// What several attempts have used together.
struct UsageSum: Equatable {
    var attempts: Int64 = 0
    /// Attempts whose cost is known.
    var priced: Int64 = 0
    var input: Int64 = 0
    var cached: Int64 = 0
    var output: Int64 = 0
    /// In millionths of a US dollar.
    var cost: Int64 = 0

    /// Counts an attempt in (`sign` 1) or out (-1). The bound of an attempt's amounts keeps a batch's sums in range.
    mutating func add(_ usage: TokenUsage, _ sign: Int64) {
        attempts += sign
        input += sign * usage.input
        cached += sign * usage.cached
        output += sign * usage.output
        guard let micros = usage.costMicros else { return }
        priced += sign
        cost += sign * micros
    }

    static func + (left: UsageSum, right: UsageSum) -> UsageSum {
        UsageSum(
            attempts: left.attempts + right.attempts, priced: left.priced + right.priced,
            input: sum(left.input, right.input), cached: sum(left.cached, right.cached),
            output: sum(left.output, right.output), cost: sum(left.cost, right.cost))
    }

    private static func sum(_ one: Int64, _ other: Int64) -> Int64 {
        let (sum, isTooLarge) = one.addingReportingOverflow(other)
        return isTooLarge ? .max : sum
    }
}

extension UsageSum {
    static let columns = "attempts, priced, input, cached, output, cost"

    /// Reads `columns` from the second column on; the first is the key.
    init(_ row: Row) {
        self.init(
            attempts: row[1], priced: row[2], input: row[3], cached: row[4], output: row[5], cost: row[6])
    }

    /// `cost_usd` is the cost of those attempts whose agents tell one, `null` where none does.
    func write(to writer: inout JSONWriter, day: String? = nil) {
        writer.object {
            $0.optional("day", day)
            $0.name("input_tokens")
            $0.integer(input)
            $0.name("cached_tokens")
            $0.integer(cached)
            $0.name("output_tokens")
            $0.integer(output)
            $0.name("cost_usd")
            $0.value(priced > 0 ? TokenUsage.dollars(cost) : .null)
            $0.name("attempts")
            $0.integer(attempts)
        }
    }
}
