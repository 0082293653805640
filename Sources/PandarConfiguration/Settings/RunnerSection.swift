/// How attempts are run on this instance.
public struct RunnerSection: Sendable {
    /// Off makes the instance a replica that only takes in and serves.
    public var isEnabled = true
    /// Attempts that run at once.
    public var slots = HostDefaults.slots
    /// Seconds that a runner may be silent before its attempts count as lost.
    public var leaseSeconds = 30
    /// Seconds that the owner waits beyond the lease: covers clocks that run apart and the time that killing takes.
    public var leaseMarginSeconds = 10
    /// Seconds between heartbeats of an attempt.
    public var heartbeatSeconds = 5
    /// Attempts that may be lost in a row before the task fails.
    public var maxLostAttempts = 3
    /// Seconds from SIGTERM to SIGKILL.
    public var killGraceSeconds = 10
    /// Bytes of output that one attempt may publish.
    public var outputLimitBytes = 10_485_760
    /// `PATH` of attempts.
    public var path = HostDefaults.path
}

/// What applies where a request says nothing, and how tasks are repeated and ranked.
public struct TaskSection: Sendable {
    public var defaultTimeoutSeconds = 3600
    public var defaultMaxRetries = 0
    /// Seconds before the first repetition; doubles with each.
    public var retryBaseSeconds = 5
    /// Most seconds before any repetition.
    public var retryMaxSeconds = 600
    /// The share of the delay that is random, 0–1.
    public var retryJitter = 0.2
    public var transientRetries = 5
    /// Seconds of waiting that weigh as much as one level of priority.
    public var ageingSeconds = 3600
}
