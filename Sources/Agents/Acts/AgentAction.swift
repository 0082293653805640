public import TaskModel

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
    /// Output of a plain command, as it came.
    case output([UInt8])
    /// The session or thread that a later attempt can resume.
    case session(String)
    /// Tokens and cost of this attempt so far; each report replaces the one before it.
    case usage(TokenUsage)
    /// The agent tries its model again by itself; `milliseconds` is its own delay, where it tells it.
    case retrying(reason: String, milliseconds: Int64?)
    /// The turn is over. Comes once and is the last word, whatever the program's exit status.
    case finished(AgentResult)
    /// SIGTERM to the program, whatever it is doing.
    case terminate
    /// The program shall end: its standard input is closed; one on a terminal is told by SIGTERM.
    case closeInput
}
