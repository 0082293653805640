/// One attempt of one task.
public struct AttemptRef: Hashable, Sendable, CustomStringConvertible {
    public let taskID: TaskID
    public let attempt: Int

    public init(taskID: TaskID, attempt: Int) {
        self.taskID = taskID
        self.attempt = attempt
    }

    public var description: String { "\(taskID)#\(attempt)" }
}

/// What the owner tells a runner to do.
public struct AttemptOrder: Sendable {
    public let ref: AttemptRef
    public let spec: TaskSpec
    /// The partition of the task; reports go to the same partition of the reports topic.
    public let partition: Int32
    /// Wall-clock limit in seconds.
    public let timeoutSeconds: Int
    public let leaseSeconds: Int
    public let traceparent: String?
    /// The agent's session to take up, where there is one.
    public var resumption: AgentResumption?
    /// What earlier attempts of the task have used of its budget.
    public var usedBefore = TokenUsage()

    public init(
        ref: AttemptRef, spec: TaskSpec, partition: Int32, timeoutSeconds: Int, leaseSeconds: Int,
        traceparent: String? = nil
    ) {
        self.ref = ref
        self.spec = spec
        self.partition = partition
        self.timeoutSeconds = timeoutSeconds
        self.leaseSeconds = leaseSeconds
        self.traceparent = traceparent
    }
}

/// Why an attempt is stopped from outside.
public enum StopReason: String, Sendable, CaseIterable {
    /// The task was cancelled.
    case cancelled
    /// The service shuts down; the attempt is repeated elsewhere, unspent.
    case interrupted
    /// No heartbeat was acknowledged for a whole lease.
    case leaseLost = "lease_lost"
    /// It waits for a decision, and its agent can take up its session later.
    case parked
    /// The status topic says that this attempt is not the current one.
    case superseded
}
