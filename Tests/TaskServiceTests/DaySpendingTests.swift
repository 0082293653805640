import Synchronization
import TaskModel
import TaskService
import Testing

@Suite("What projects have used today")
struct DaySpendingTests {
    /// A clock that a test sets.
    private final class Clock: Sendable {
        private let milliseconds = Mutex<Int64>(0)

        init(_ text: String) { set(text) }

        func set(_ text: String) {
            milliseconds.withLock { $0 = Timestamp(text)?.milliseconds ?? 0 }
        }

        var now: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }
    }

    private func account(
        _ task: String, project: Int64 = 1, at moment: String, _ tokens: Int64
    ) throws -> AttemptUsage {
        AttemptUsage(
            ref: AttemptRef(taskID: try #require(TaskID(task)), attempt: 1), projectID: project, agent: "codex",
            day: UTCDay(try #require(Timestamp(moment))), usage: TokenUsage(input: tokens))
    }

    @Test("only what began today counts, and not the attempt that asks")
    func today() throws {
        let clock = Clock("2026-11-23T12:00:00Z")
        let spending = DaySpending { clock.now }
        let own = try account("own", at: "2026-11-23T11:00:00Z", 5)
        spending.note([
            own, try account("other", at: "2026-11-23T00:00:00Z", 7),
            try account("yesterday", at: "2026-11-22T23:59:59Z", 100),
            try account("elsewhere", project: 2, at: "2026-11-23T00:00:00Z", 1000),
        ])
        #expect(spending.today(project: 1, besides: own.ref) == TokenUsage(input: 7))
        #expect(spending.today(project: 2, besides: own.ref) == TokenUsage(input: 1000))
        spending.note([try account("other", at: "2026-11-23T00:00:00Z", 9)])
        #expect(spending.today(project: 1, besides: own.ref) == TokenUsage(input: 9))
    }

    @Test("a new day begins at midnight in UTC with nothing, and an old account does not come back")
    func midnight() throws {
        let clock = Clock("2026-11-23T23:59:59.999Z")
        let spending = DaySpending { clock.now }
        let asking = AttemptRef(taskID: try #require(TaskID("asking")), attempt: 1)
        spending.note([try account("a", at: "2026-11-23T10:00:00Z", 5)])
        #expect(spending.today(project: 1, besides: asking).total == 5)
        clock.set("2026-11-24T00:00:00Z")
        #expect(spending.today(project: 1, besides: asking).isEmpty)
        clock.set("2026-11-25T00:00:00Z")
        spending.note([
            try account("a", at: "2026-11-23T10:00:00Z", 6), try account("b", at: "2026-11-25T00:00:00Z", 1),
        ])
        #expect(spending.today(project: 1, besides: asking).total == 1)
    }

    @Test("accounts of many threads all count")
    func threads() async throws {
        let clock = Clock("2026-11-23T12:00:00Z")
        let spending = DaySpending { clock.now }
        let asking = AttemptRef(taskID: try #require(TaskID("asking")), attempt: 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for thread in 0..<8 {
                group.addTask {
                    for number in 0..<200 {
                        spending.note([try account("t-\(thread)-\(number)", at: "2026-11-23T01:00:00Z", 1)])
                        _ = spending.today(project: 1, besides: asking)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(spending.today(project: 1, besides: asking).total == 1600)
    }
}
