import TaskModel
import TestKit
import Testing

@Suite("The ledger of what projects have used on a day")
struct SpendingLedgerTests {
    private func account(
        _ task: String, attempt: Int = 1, project: Int64 = 1, day: Int64 = 5, _ usage: TokenUsage
    ) throws -> AttemptUsage {
        AttemptUsage(
            ref: AttemptRef(taskID: try #require(TaskID(task)), attempt: attempt), projectID: project, agent: "codex",
            day: UTCDay(number: day), usage: usage)
    }

    @Test("a later account of an attempt replaces the earlier one, another attempt's is added")
    func replaces() throws {
        var ledger = SpendingLedger()
        ledger.note(try account("a", TokenUsage(input: 10)))
        ledger.note(try account("a", TokenUsage(input: 25, costMicros: 4)))
        let second = try account("a", attempt: 2, TokenUsage(input: 1, output: 2))
        ledger.note(second)
        let day = UTCDay(number: 5)
        #expect(ledger.total(1, on: day) == TokenUsage(input: 26, output: 2, costMicros: 4))
        #expect(ledger.total(1, on: day, besides: second.ref) == TokenUsage(input: 25, costMicros: 4))
        #expect(ledger.total(2, on: day).isEmpty)
        #expect(ledger.total(1, on: day.adding(days: 1)).isEmpty)
    }

    @Test("it equals a count from scratch, whatever is noted, asked and forgotten", arguments: 0..<20)
    func recount(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var random = RandomAgents(seed: seed)
        var ledger = SpendingLedger(limit: 1000)
        var known: [AttemptRef: AttemptUsage] = [:]
        var first: Int64 = 0
        for _ in 0..<800 {
            let noted = try account(
                "t-\(Int.random(in: 0..<15, using: &generator))", attempt: .random(in: 1...3, using: &generator),
                project: .random(in: 1...3, using: &generator), day: .random(in: 0...6, using: &generator),
                random.usage(upTo: 1000))
            ledger.note(noted)
            if noted.day.number >= first { known[noted.ref] = noted }
            if Int.random(in: 0..<200, using: &generator) == 0 {
                first = max(first, .random(in: 0...6, using: &generator))
                ledger.forget(before: UTCDay(number: first))
            }
            known = known.filter { $0.value.day.number >= first }
            let project = Int64.random(in: 1...3, using: &generator)
            let day = UTCDay(number: .random(in: first...6, using: &generator))
            let besides = known.keys.sorted { "\($0)" < "\($1)" }.randomElement(using: &generator)
            let expected = known.values.filter { $0.projectID == project && $0.day == day && $0.ref != besides }
                .reduce(TokenUsage()) { $0 + $1.usage }
            #expect(ledger.total(project, on: day, besides: besides) == expected)
        }
        #expect(ledger.count == known.count)
    }

    @Test("what is forgotten stays forgotten, and a day is never taken back")
    func forgets() throws {
        var ledger = SpendingLedger()
        ledger.note(try account("a", day: 3, TokenUsage(input: 1)))
        ledger.note(try account("b", day: 4, TokenUsage(input: 2)))
        ledger.forget(before: UTCDay(number: 4))
        ledger.forget(before: UTCDay(number: 1))
        ledger.note(try account("a", day: 3, TokenUsage(input: 9)))
        #expect(ledger.count == 1)
        #expect(ledger.total(1, on: UTCDay(number: 3)).isEmpty)
        #expect(ledger.total(1, on: UTCDay(number: 4)) == TokenUsage(input: 2))
    }

    @Test("beyond its limit it never says less than was used, and holds no more", arguments: 0..<10)
    func bounded(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var ledger = SpendingLedger(limit: 20)
        var known: [AttemptRef: AttemptUsage] = [:]
        for _ in 0..<2000 {
            let noted = try account(
                "t-\(Int.random(in: 0..<60, using: &generator))",
                TokenUsage(input: .random(in: 0...AttemptUsage.limit, using: &generator)))
            // Accounts only grow.
            if let before = known[noted.ref], before.usage.input > noted.usage.input { continue }
            known[noted.ref] = noted
            ledger.note(noted)
            #expect(ledger.count <= 20)
            let used = known.values.reduce(TokenUsage()) { $0 + $1.usage }
            #expect(ledger.total(1, on: UTCDay(number: 5)).input >= used.input)
        }
    }

    @Test("amounts that nobody can use are bounded, and sums of them do not trap")
    func absurd() throws {
        let most = TokenUsage(input: .max, cached: .max, output: .max, costMicros: .max)
        #expect(try account("a", most).usage.total == 2 * AttemptUsage.limit)
        #expect(try account("a", TokenUsage(input: -5)).usage.isEmpty)
    }

    @Test(
        "days are the calendar's in UTC",
        arguments: [
            ("2026-11-23T23:59:59.999Z", "2026-11-23"), ("2026-11-24T00:00:00+01:00", "2026-11-23"),
            ("1970-01-01T00:00:00Z", "1970-01-01"), ("2028-02-29T12:00:00Z", "2028-02-29"),
        ])
    func days(moment: String, day: String) throws {
        #expect(UTCDay(try #require(Timestamp(moment))).description == day)
    }

    @Test("a day is one of 24 hours also before 1970, and no number of days traps")
    func dayNumbers() {
        #expect(UTCDay(Timestamp(milliseconds: -1)).number == -1)
        #expect(UTCDay(Timestamp(milliseconds: -86_400_000)).number == -1)
        #expect(UTCDay(Timestamp(milliseconds: -86_400_001)).number == -2)
        #expect(UTCDay(Timestamp(milliseconds: 86_399_999)).number == 0)
        _ = UTCDay(number: .max).adding(days: 1)
        for number in [Int64.min, .max] { #expect(!UTCDay(number: number).description.isEmpty) }
    }
}
