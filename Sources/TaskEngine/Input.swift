public import TaskModel

/// What can happen to a partition.
public enum Input: Sendable {
    /// A record of one of the input topics, as decoded, with what is known of its task.
    case record(InboundRecord, Result<InboundMessage, ContractViolation>, Whereabouts)
    /// A report of this instance's own runner, handed over in memory.
    case report(RunnerReport)
    /// Time has passed.
    case tick
    /// All records of the reports topic that were written before this moment have been handled.
    case reportsRead(upTo: Timestamp)
    /// Attempts may be started, at most that many.
    case slots(Int)
    /// A snapshot came back from the log, and no later owner's claim stands before it.
    case echo(TaskID, RecordOrder)
    /// The cache holds a snapshot as the current one of its task.
    case folded(TaskID, RecordOrder)
    /// A record of a former owner was seen in this partition: compaction could keep it instead of the right one.
    case zombie(TaskID)
}

/// Where the task of a record lives, as far as the shell could find out.
public enum Whereabouts: Hashable, Sendable {
    /// The engine holds it, or nobody needs to know.
    case here
    /// On another partition.
    case elsewhere(Int32)
    /// Nowhere in the cache. For a record that `mustSettle` the tail had passed the end of the log when it was looked
    /// up.
    case unknown
}
