/// What the agents of one attempt have used, as statistics and the budgets of days count it.
public struct AttemptUsage: Hashable, Sendable {
    public let ref: AttemptRef
    public let projectID: Int64
    /// The task's agent: the one it names, else the one whose session it holds, else `-`.
    public let agent: String
    /// The day in UTC on which the attempt began. It never changes, as the day of the end would: what an attempt uses
    /// after midnight counts for the day before.
    public let day: UTCDay
    /// No amount beyond `limit`, so that sums of millions of attempts fit 64 bits.
    public let usage: TokenUsage

    /// A million million tokens, or a million dollars: more than any attempt can use.
    public static let limit: Int64 = 1_000_000_000_000

    public init(ref: AttemptRef, projectID: Int64, agent: String, day: UTCDay, usage: TokenUsage) {
        func bounded(_ amount: Int64) -> Int64 { min(max(0, amount), Self.limit) }
        self.ref = ref
        self.projectID = projectID
        self.agent = agent
        self.day = day
        self.usage = TokenUsage(
            input: bounded(usage.input), cached: bounded(usage.cached), output: bounded(usage.output),
            costMicros: usage.costMicros.map(bounded))
    }

    /// Of every attempt in a task's history that has used anything, in their order.
    public static func all(_ id: TaskID, _ request: TaskRequest, _ state: TaskState) -> [AttemptUsage] {
        guard state.attempts.contains(where: { !$0.usage.isEmpty }) else { return [] }
        let agent = request.metadata.agent ?? state.session?.agent ?? "-"
        return state.attempts.filter { !$0.usage.isEmpty }.map { attempt in
            AttemptUsage(
                ref: AttemptRef(taskID: id, attempt: attempt.attempt), projectID: request.projectID,
                agent: agent.prefix(scalars: 100), day: UTCDay(attempt.startedAt), usage: attempt.usage)
        }
    }
}
