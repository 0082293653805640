/// What an adapter wants done. The adapter decides; whoever holds the pipes acts.
public enum AgentAction: Hashable, Sendable {
    /// Bytes for the agent's standard input, whole lines.
    case write([UInt8])
    /// A question that waits for `answer`, without a time limit.
    case ask(AgentQuestion)
    /// The agent no longer waits for the answer.
    case withdraw(AgentQuestion.ID)
    case progress(ProgressReport)
    case plan([PlanStep])
    /// Readable output: one or more whole lines without the last line's end.
    case text(String)
    /// The session or thread that a later attempt can resume.
    case session(String)
    /// Tokens and cost of this attempt so far; each report replaces the one before it.
    case usage(AgentUsage)
    /// The agent tries its model again by itself; `milliseconds` is its own delay, where it tells it.
    case retrying(reason: String, milliseconds: Int64?)
    /// The turn is over. Comes once and is the last word, whatever the program's exit status.
    case finished(AgentResult)
    /// Close the agent's standard input: it shall end.
    case closeInput
}

/// One step of the agent's own plan.
public struct PlanStep: Hashable, Sendable {
    public enum Status: String, Hashable, Sendable {
        case pending
        case inProgress = "in_progress"
        case completed
    }

    public var step: String
    public var status: Status

    public init(step: String, status: Status) {
        self.step = step
        self.status = status
    }
}

/// Tokens and cost of one attempt.
public struct AgentUsage: Hashable, Sendable {
    /// All tokens that went in, those from the cache among them.
    public var input: Int64
    /// Those of `input` that the model's cache gave.
    public var cached: Int64
    public var output: Int64
    /// In US dollars, by the agent's own account; most do not tell.
    public var costUSD: Double?

    public init(input: Int64 = 0, cached: Int64 = 0, output: Int64 = 0, costUSD: Double? = nil) {
        self.input = input
        self.cached = cached
        self.output = output
        self.costUSD = costUSD
    }
}
