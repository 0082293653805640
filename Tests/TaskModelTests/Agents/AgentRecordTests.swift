import TaskModel
import TestKit
import Testing

@Suite("What agents tell survives its records")
struct AgentRecordTests {
    @Test("a report with an account and a failure is the same after writing and reading")
    func reports() throws {
        var random = RandomAgents(seed: 11)
        for _ in 0..<500 {
            var report = RunnerReport(
                ref: AttemptRef(taskID: try #require(TaskID("t")), attempt: 1), runner: "r", incarnation: "1",
                kind: .heartbeat, progress: TaskProgress(percent: 1), at: Timestamp(milliseconds: 1))
            report.agent = random.account()
            report.failure = random.failure()
            let object = try #require(try JSONParser.parse(report.json).objectValue)
            #expect(try RunnerReport(object) == report)
        }
    }

    @Test("a snapshot with sessions, plans, usage and a budget is the same after writing and reading")
    func snapshots() throws {
        var random = RandomAgents(seed: 12)
        for _ in 0..<500 {
            let snapshot = try random.snapshot()
            #expect(try TaskSnapshot(json: snapshot.json) == snapshot)
            #expect(try TaskSnapshot(json: snapshot.json).spec.request().metadata.budget == random.lastBudget)
        }
    }

    @Test("every amount of millionths is the same after writing and reading, up to nine million dollars")
    func costs() throws {
        var generator = SeededGenerator(seed: 13)
        for _ in 0..<5000 {
            let top: Int64 = [10, 1_000_000, 8_999_999_999_999].randomElement(using: &generator) ?? 1
            let usage = TokenUsage(output: 1, costMicros: .random(in: 0...top, using: &generator))
            let written = JSONWriter.bytes(of: usage.json)
            #expect(try TokenUsage(#require(try JSONParser.parse(written).objectValue)) == usage)
        }
    }

    @Test("a plan keeps at most its limit of steps and of text, in scalars")
    func planBounds() throws {
        let stacked = "e" + String(repeating: "\u{301}", count: 5000)
        #expect(PlanStep(step: stacked, status: .pending).step.unicodeScalars.count == PlanStep.textLimit)
        #expect(AgentEvent(.question, stacked + stacked).text.unicodeScalars.count == AgentEvent.textLimit)
        let steps = (0..<80).map { "{\"step\":\"\($0)\",\"status\":\"\($0 % 4 == 3 ? "odd" : "pending")\"}" }
        let text = """
            {"task_id":"t","attempt":1,"runner":"r","incarnation":"1","kind":"heartbeat","at":"2026-11-23T00:00:00Z",
            "agent":{"plan":[\(steps.joined(separator: ","))],"usage":{}}}
            """
        let report = try RunnerReport(#require(try JSONParser.parse(text).objectValue))
        let plan = try #require(report.agent?.plan)
        #expect(plan.map(\.step) == (0..<PlanStep.limit).filter { $0 % 4 != 3 }.map(String.init))
    }
}

@Suite("Token usage and budgets")
struct BudgetTests {
    @Test("sums neither trap nor lose a known cost, in any order")
    func sums() {
        var random = RandomAgents(seed: 21)
        for _ in 0..<2000 {
            let (one, other) = (random.usage(upTo: .max), random.usage(upTo: .max))
            #expect(one + other == other + one)
            #expect(one + TokenUsage() == one)
            #expect((one + other).total >= max(one.input, other.output))
            #expect(((one + other).costMicros == nil) == (one.costMicros == nil && other.costMicros == nil))
        }
    }

    @Test("two budgets allow what each allows")
    func tightened() {
        var random = RandomAgents(seed: 22)
        for _ in 0..<2000 {
            let (one, other, usage) = (random.budget(), random.budget(), random.usage(upTo: 40))
            let isEither = one.breach(usage, whose: "a") != nil || other.breach(usage, whose: "a") != nil
            #expect((one.tightened(by: other).breach(usage, whose: "a") != nil) == isEither)
            #expect(one.tightened(by: other) == other.tightened(by: one))
        }
    }

    @Test("a budget that is reached exactly is kept")
    func exactly() {
        let budget = TaskBudget(tokens: 10, costMicros: 500)
        #expect(budget.breach(TokenUsage(input: 7, cached: 7, output: 3, costMicros: 500), whose: "it") == nil)
        #expect(
            budget.breach(TokenUsage(input: 8, output: 3), whose: "the task's budget")
                == "the task's budget is spent: 11 of 10 tokens were used")
        #expect(
            budget.breach(TokenUsage(costMicros: 501), whose: "it")
                == "it is spent: 0.000501 of 0.000500 US dollars were used")
    }

    @Test(
        "what is no bound is refused",
        arguments: [
            "{\"tokens\":0}", "{\"tokens\":-1}", "{\"tokens\":1.5}", "{\"cost_usd\":0}", "{\"cost_usd\":\"2\"}",
            "{\"cost_usd\":1e400}", "{\"cost_usd\":0.0000001}", "{\"minutes\":5}",
        ])
    func refused(text: String) throws {
        let object = try #require(try JSONParser.parse(text).objectValue)
        #expect(throws: ContractViolation.self) { try TaskBudget(object) }
    }
}
