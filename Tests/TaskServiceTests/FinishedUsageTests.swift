import TaskEngine
import TaskModel
import Testing

@testable import TaskService

@Suite("What ended attempts have used is counted once, as they end")
struct FinishedUsageTests {
    private let encoder = RecordEncoder(layout: TopicLayout(), instance: "i", group: "g")

    private func snapshot(_ id: String, agent: String? = "codex", _ usage: TokenUsage) throws -> TaskSnapshot {
        let taskID = try #require(TaskID(id))
        let request = TaskRequest(name: "a", command: "codex b", projectID: 1, metadata: TaskMetadata(agent: agent))
        var state = TaskState(createdAt: Timestamp(milliseconds: 0), epoch: 1)
        var attempt = AttemptRecord(attempt: 2, runner: "r", startedAt: Timestamp(milliseconds: 0))
        attempt.usage = usage
        state.attempt = 2
        state.attempts = [attempt]
        return TaskSnapshot(spec: TaskSpec(request, id: taskID), state: state)
    }

    private func ended(_ id: String, attempt: Int = 2) throws -> Effect {
        .note(.finished(AttemptRef(taskID: try #require(TaskID(id)), attempt: attempt), .completed))
    }

    private func counted(_ effects: [Effect]) -> [String: TokenUsage] {
        var batch = CommitBatch()
        batch.add(effects, of: 0, encoder, now: Timestamp(milliseconds: 0))
        let status = ServiceStatus()
        status.committed(batch, seconds: 0, succeeded: false)
        #expect(status.snapshot.agentUsage.isEmpty)
        status.committed(batch, seconds: 0, succeeded: true)
        return status.snapshot.agentUsage
    }

    @Test("an attempt that goes on, or another one's end, counts nothing")
    func goesOn() throws {
        let usage = TokenUsage(input: 5)
        #expect(counted([.publish(try snapshot("a", usage))]).isEmpty)
        #expect(counted([.publish(try snapshot("a", usage)), try ended("b"), try ended("a", attempt: 1)]).isEmpty)
        #expect(counted([.publish(try snapshot("a", TokenUsage())), try ended("a")]).isEmpty)
    }

    @Test("the last snapshot of an attempt that ends counts, by its agent, in whatever order")
    func ends() throws {
        let counted = counted([
            try ended("a"), .publish(try snapshot("a", TokenUsage(input: 1))),
            .publish(try snapshot("a", TokenUsage(input: 5, costMicros: 3))),
            .publish(try snapshot("b", TokenUsage(output: 2))), try ended("b"),
            .publish(try snapshot("c", agent: nil, TokenUsage(output: 7))), try ended("c"),
        ])
        #expect(counted == ["codex": TokenUsage(input: 5, output: 2, costMicros: 3), "-": TokenUsage(output: 7)])
    }

    @Test("the names of agents are not counted without bound")
    func names() throws {
        let effects = try (0..<80).flatMap {
            [.publish(try snapshot("t-\($0)", agent: "agent-\($0)", TokenUsage(input: 1))), try ended("t-\($0)")]
        }
        let counted = counted(effects)
        #expect(counted.count <= 51)
        #expect(counted.values.reduce(0) { $0 + $1.input } == 80)
    }
}
