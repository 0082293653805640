import Foundation
import TaskModel
import Testing

@testable import TaskRunner

@Suite("A budget bounds what an agent uses")
struct AgentBudgetTests {
    /// What the log would tell.
    private struct Spending: ProjectSpending {
        let used: TokenUsage

        func today(project: Int64, besides attempt: AttemptRef) -> TokenUsage { project == 1 ? used : TokenUsage() }
    }

    private static let driver = """
        def end(*_):
            print("ended in order", flush=True)
            sys.exit(143)
        signal.signal(signal.SIGTERM, end)
        tell("usage", input=600, output=100)
        print("one", flush=True)
        tell("usage", input=900, output=200)
        while True: time.sleep(60)
        """

    private func metadata(_ budget: TaskBudget) -> TaskMetadata {
        var metadata = TaskMetadata()
        metadata.budget = budget
        return metadata
    }

    @Test(
        "that of the task ends the attempt in order, with all attempts together",
        arguments: AgentFixture.Walls.allCases)
    func task(walls: AgentFixture.Walls) async throws {
        let fixture = try AgentFixture(walls, driver: Self.driver)
        let report = try await fixture.run(metadata: metadata(TaskBudget(tokens: 2000))) {
            $0.usedBefore = TokenUsage(input: 1000)
        }
        #expect(report.outcome == .failed)
        #expect(report.failure == .budgetExceeded)
        #expect(report.result.error?.hasPrefix("the task's budget is spent: 2100 of 2000 tokens were used; ") == true)
        #expect(report.agent?.usage.total == 1100)
        #expect(fixture.output().contains("ended in order"))
    }

    @Test("what was used before is looked at before anything is prepared")
    func before() async throws {
        let fixture = try AgentFixture(
            .none, driver: "print('ran')",
            project: Project(id: 1, name: "test", taskBudget: TaskBudget(costMicros: 1_000_000)))
        let report = try await fixture.run { $0.usedBefore = TokenUsage(input: 5, costMicros: 1_500_000) }
        #expect(report.outcome == .failed)
        #expect(report.failure == .budgetExceeded)
        #expect(report.result.error?.hasPrefix("the task's budget is spent: 1.500000 of 1.000000 US dollars") == true)
        #expect(fixture.output().isEmpty)
        #expect(try !fixture.exists("", attempt: 1))
    }

    @Test("that of the project's day counts what the log tells")
    func day() async throws {
        let project = Project(id: 1, name: "test", dayBudget: TaskBudget(tokens: 10_000))
        let fixture = try AgentFixture(
            .sandbox, driver: Self.driver, project: project, spending: Spending(used: TokenUsage(input: 9000)))
        let report = try await fixture.run()
        #expect(report.failure == .budgetExceeded)
        #expect(report.result.error?.hasPrefix("today's budget of project 1 is spent: 10100 of 10000 tokens") == true)
        let spent = try AgentFixture(
            .sandbox, driver: Self.driver, project: project, spending: Spending(used: TokenUsage(input: 10_001)))
        let refused = try await spent.run()
        #expect(refused.failure == .budgetExceeded)
        #expect(spent.output().isEmpty)
    }

    @Test("a plain command has none")
    func plain() async throws {
        let fixture = try AgentFixture(
            .none, driver: "print('ran')", project: Project(id: 1, name: "test", dayBudget: TaskBudget(tokens: 1)),
            spending: Spending(used: TokenUsage(input: 10)))
        #expect(try await fixture.run("true").outcome == .completed)
    }

    @Test("both bounds hold, the request's and the project's")
    func tightest() throws {
        let order = try RunnerFixture.order("mimic")
        let project = Project(id: 1, name: "test", taskBudget: TaskBudget(tokens: 100))
        let wide = AttemptBudget(order, TaskBudget(tokens: 1000), project, nil)
        #expect(wide.breach(TokenUsage(input: 101)) != nil)
        #expect(wide.breach(TokenUsage(input: 100)) == nil)
        let narrow = AttemptBudget(order, TaskBudget(tokens: 10), project, nil)
        #expect(narrow.breach(TokenUsage(input: 11)) != nil)
    }
}
