public import TaskModel

/// Runs attempts. The real one starts processes; the benchmark's does nothing, fast.
///
/// Calls come from the owner's thread and must not block. What happens to attempts is told to the `AttemptSink` that
/// the executor was made with.
public protocol AttemptExecutor: Sendable {
    /// Starts an attempt. An attempt that cannot be started is reported as finished.
    ///
    /// - Parameter uptime: when the commit that announced the attempt began (monotonic seconds, `Uptime.now`). The
    ///   lease counts from there, as its readers may; an attempt whose lease has passed is not started but reported as
    ///   lost.
    func start(_ order: AttemptOrder, leaseFrom uptime: Double)
    /// Stops an attempt; it ends with a `finished` report as any other.
    func stop(_ ref: AttemptRef, reason: StopReason)
    /// Answers a question of an attempt. An answer to nothing that waits has no effect; one that is repeated neither.
    func answer(_ ref: AttemptRef, question number: Int, _ answer: QuestionAnswer)
    /// Extends the right to run: until `seconds` after the moment `uptime` (monotonic seconds, `Uptime.now`).
    func renewLeases(_ refs: some Collection<AttemptRef>, from uptime: Double, seconds: Int)
    /// Stops all attempts, for the service goes down.
    func stopAll(reason: StopReason)
    /// The attempts that run now, or whose end has not been reported yet.
    var running: Set<AttemptRef> { get }
}

/// Where an executor tells what happens. Called on the executor's own threads; does not block.
public protocol AttemptSink: Sendable {
    func report(_ report: RunnerReport, of order: AttemptOrder)
    func output(_ chunk: OutputChunk, of order: AttemptOrder)
    func progress(_ event: ProgressEvent, of order: AttemptOrder)
}
