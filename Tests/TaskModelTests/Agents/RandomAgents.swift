import TaskModel
import TestKit

/// What agents might tell, from a seed.
struct RandomAgents {
    private var generator: SeededGenerator
    /// The budget of the latest snapshot.
    private(set) var lastBudget: TaskBudget?

    struct InvalidID: Error {}

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    private mutating func maybe() -> Bool { Bool.random(using: &generator) }

    mutating func usage(upTo top: Int64) -> TokenUsage {
        TokenUsage(
            input: .random(in: 0...top, using: &generator), cached: .random(in: 0...top, using: &generator),
            output: .random(in: 0...top, using: &generator),
            costMicros: maybe() ? .random(in: 0...min(top, 8_000_000_000_000), using: &generator) : nil)
    }

    mutating func budget() -> TaskBudget {
        TaskBudget(
            tokens: maybe() ? .random(in: 1...60, using: &generator) : nil,
            costMicros: maybe() ? .random(in: 1...60, using: &generator) : nil)
    }

    mutating func session() -> AgentSession? {
        maybe() ? AgentSession(agent: "codex", id: "s-\(Int.random(in: 0...9, using: &generator))") : nil
    }

    mutating func plan() -> [PlanStep] {
        (0..<Int.random(in: 0...PlanStep.limit, using: &generator)).map { number in
            PlanStep(
                step: "step \(number) 😀\"",
                status: PlanStep.Status.allCases.randomElement(using: &generator) ?? .pending)
        }
    }

    mutating func account() -> AgentAccount? {
        guard maybe() else { return nil }
        var account = AgentAccount()
        account.session = session()
        account.plan = plan()
        account.usage = usage(upTo: .max)
        account.answers = .random(in: 0...1_000_000, using: &generator)
        account.recoveredBy = maybe() ? "claude" : nil
        return account
    }

    mutating func failure() -> AttemptFailure? {
        guard maybe() else { return nil }
        return AttemptFailure(
            cause: AttemptFailure.Cause.allCases.randomElement(using: &generator) ?? .final, code: "rate_limited",
            retryAfterMilliseconds: maybe() ? .random(in: 0...86_400_000, using: &generator) : nil)
    }

    mutating func attempt(_ number: Int, on day: UTCDay) -> AttemptRecord {
        var attempt = AttemptRecord(
            attempt: number, runner: "r", startedAt: Timestamp(milliseconds: day.number * 86_400_000))
        attempt.usage = maybe() ? usage(upTo: 1_000_000) : TokenUsage()
        attempt.answers = maybe() ? .random(in: 0...9, using: &generator) : 0
        attempt.failure = maybe() ? "other" : nil
        attempt.recoveredBy = maybe() ? "claude" : nil
        return attempt
    }

    mutating func snapshot() throws -> TaskSnapshot {
        guard let id = TaskID("t") else { throw InvalidID() }
        var request = TaskRequest(name: "a", command: "codex b", projectID: 1)
        let budget = maybe() ? budget() : nil
        lastBudget = budget
        request.metadata.budget = budget
        var state = TaskState(createdAt: Timestamp(milliseconds: 0), epoch: 1)
        state.session = session()
        state.plan = plan()
        state.recoveredBy = maybe() ? "claude" : nil
        state.transientFailures = .random(in: 0...3, using: &generator)
        state.attempts = (1...3).map { attempt($0, on: UTCDay(number: 20_000)) }
        return TaskSnapshot(spec: TaskSpec(request, id: id), state: state)
    }
}
