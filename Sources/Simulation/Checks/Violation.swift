/// What must hold in every run.
public enum Invariant: String, Sendable, CaseIterable {
    /// A task's accepted snapshots have consecutive versions.
    case consecutiveVersions = "consecutive versions"
    case legalTransitions = "legal transitions"
    /// No two attempts of a task run at once.
    case oneAttempt = "one attempt at a time"
    /// No two tasks of a concurrency key run at once.
    case oneTaskPerKey = "one task of a key at a time"
    /// An attempt starts only when its `running` snapshot is in the log.
    case announcedStart = "no start without its snapshot"
    /// No attempt starts without the approval that its policy asks for, and no approval counts that nobody may give.
    case approvedStart = "no start without approval"
    /// Every accepted request ends, or waits for a human.
    case termination = "every task ends"
    /// Every input is reflected or dead-lettered, once.
    case inputs = "every input is accounted for"
    /// What a snapshot makes due has been written.
    case notifications = "no notification is lost"
    /// Every cache equals the fold of the log, also of the compacted log.
    case cache = "cache equals the fold"
    /// An engine restored from the log equals the one that lived.
    case restart = "restart changes nothing"
    /// An attempt that ended well is not run again.
    case noRepetition = "a finished attempt counts"
    /// Nothing gated is done without the approvals for it, nor after a no, and nothing twice on one approval.
    case grants = "one act for one approval"
    /// A task whose question was answered with no ends.
    case refusal = "a refused task ends"
}

/// An invariant that did not hold, with what is needed to see it again.
public struct Violation: Error, Sendable, CustomStringConvertible {
    public let invariant: Invariant
    public let message: String
    public let seed: UInt64
    public let step: Int
    public let guarantee: SimulatedGuarantee
    /// The last lines of the run.
    public let trace: [String]

    public var description: String {
        """
        violated: \(invariant.rawValue) (seed \(seed), \(guarantee.rawValue), step \(step))
        \(message)
        \(trace.joined(separator: "\n"))
        """
    }
}
