/// What projects have used on a day, attempt by attempt: a later account of an attempt replaces the earlier one.
///
/// Bounded: of more than `limit` attempts the first noted are no longer known one by one. Their usage stays in the sum,
/// so one of them that is noted again counts twice: a bound is reached too early rather than too late.
public struct SpendingLedger: Sendable {
    private struct Place: Hashable {
        let projectID: Int64
        let day: UTCDay
    }

    private struct Sum {
        var input: Int64 = 0
        var cached: Int64 = 0
        var output: Int64 = 0
        var cost: Int64 = 0
        /// Attempts whose cost is known: without any, the sum's is not.
        var priced = 0

        mutating func add(_ usage: TokenUsage, _ sign: Int64) {
            Self.add(sign * usage.input, to: &input)
            Self.add(sign * usage.cached, to: &cached)
            Self.add(sign * usage.output, to: &output)
            guard let micros = usage.costMicros else { return }
            Self.add(sign * micros, to: &cost)
            priced += Int(sign)
        }

        /// Stands still at the end of the range, which nine million attempts of the greatest amount reach.
        static func add(_ amount: Int64, to sum: inout Int64) {
            let (result, isTooLarge) = sum.addingReportingOverflow(amount)
            sum = isTooLarge ? .max : result
        }

        var usage: TokenUsage {
            TokenUsage(input: input, cached: cached, output: output, costMicros: priced > 0 ? cost : nil)
        }
    }

    private let limit: Int
    private var entries: [AttemptRef: AttemptUsage] = [:]
    private var sums: [Place: Sum] = [:]
    /// Attempts in the order in which they were first noted; those before `oldest` are forgotten.
    private var order: [AttemptRef] = []
    private var oldest = 0
    private var firstDay = UTCDay(number: .min)

    /// - Parameter limit: attempts that are known one by one, at least 1; the memory of one is about 200 bytes.
    public init(limit: Int = 50_000) {
        self.limit = max(1, limit)
    }

    /// How many attempts are known one by one.
    public var count: Int { entries.count }

    /// Takes an account of an attempt in. One of a day that is forgotten changes nothing.
    public mutating func note(_ account: AttemptUsage) {
        guard account.day >= firstDay else { return }
        if let before = entries.updateValue(account, forKey: account.ref) {
            add(before, -1)
        } else {
            order.append(account.ref)
        }
        add(account, 1)
        while entries.count > limit { forgetOldest() }
    }

    /// What a project's attempts that began on `day` have used.
    ///
    /// - Parameter besides: an attempt that is left out.
    public func total(_ projectID: Int64, on day: UTCDay, besides: AttemptRef? = nil) -> TokenUsage {
        var sum = sums[Place(projectID: projectID, day: day)] ?? Sum()
        if let entry = besides.flatMap({ entries[$0] }), entry.projectID == projectID, entry.day == day {
            sum.add(entry.usage, -1)
        }
        return sum.usage
    }

    /// Forgets what was used on the days before `day`, now and in time to come.
    public mutating func forget(before day: UTCDay) {
        guard day > firstDay else { return }
        firstDay = day
        sums = sums.filter { $0.key.day >= day }
        entries = entries.filter { $0.value.day >= day }
        order = order[oldest...].filter { entries[$0] != nil }
        oldest = 0
    }

    private mutating func add(_ account: AttemptUsage, _ sign: Int64) {
        sums[Place(projectID: account.projectID, day: account.day), default: Sum()].add(account.usage, sign)
    }

    private mutating func forgetOldest() {
        entries[order[oldest]] = nil
        oldest += 1
        if oldest > limit {
            order.removeFirst(oldest)
            oldest = 0
        }
    }
}
