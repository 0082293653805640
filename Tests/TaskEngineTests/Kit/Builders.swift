import TaskEngine
public import TaskModel

extension TaskID: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) {
        guard let id = TaskID(text) else { preconditionFailure("\(text) is no task id") }
        self = id
    }
}

extension Timestamp {
    /// When tests begin.
    static let start = Timestamp(milliseconds: 1_800_000_000_000)
}

/// A request with what a test cares for.
func request(
    _ id: TaskID?, priority: TaskPriority = .medium, scheduledAt: Timestamp? = nil, by requester: String? = nil,
    policy: ApprovalPolicy? = nil, retries: Int? = nil, timeout: Int? = nil, key: String? = nil,
    command: String = "true", project: Int64 = 1
) -> TaskRequest {
    TaskRequest(
        taskID: id, name: "task", command: command, projectID: project, priority: priority, scheduledAt: scheduledAt,
        createdBy: requester.map(JSONValue.string),
        metadata: TaskMetadata(
            approvalPolicy: policy, timeoutSeconds: timeout, maxRetries: retries, concurrencyKey: key))
}

/// A record at a place; `from` is where it stood before it was forwarded.
func record(
    _ channel: InboundRecord.Channel = .requests, partition: Int32 = 0, offset: Int64,
    from origin: RecordOrigin? = nil, headers: [EventHeader] = []
) -> InboundRecord {
    InboundRecord(
        channel: channel, topic: "pandar.task-\(channel.rawValue)", partition: partition, offset: offset, key: nil,
        value: nil,
        headers: headers + (origin.map { [EventHeader(InboundRecord.routedHeader, $0.description)] } ?? []),
        timestamp: .start)
}

extension EngineConfiguration {
    /// One partition, so that every task is at home, and round numbers.
    static func test(partitions: Int32 = 1, runner: String = "a", incarnation: String = "1") -> EngineConfiguration {
        EngineConfiguration(
            partitionCount: partitions, runner: runner, incarnation: incarnation, leaseSeconds: 30,
            leaseMarginSeconds: 10, backoff: RetryBackoff(base: 1000, maximum: 60_000, jitter: 0),
            confirmationSeconds: 3600)
    }
}

extension RunnerReport {
    /// A report of the attempt that `snapshot` says is running.
    static func about(
        _ snapshot: TaskSnapshot, _ kind: Kind = .finished, outcome: AttemptOutcome? = .completed,
        progress: TaskProgress = TaskProgress(), result: AttemptResult = AttemptResult(), at: Timestamp
    ) -> RunnerReport {
        RunnerReport(
            ref: AttemptRef(taskID: snapshot.id, attempt: snapshot.state.attempt),
            runner: snapshot.state.lease?.runner ?? "nobody",
            incarnation: snapshot.state.lease?.incarnation ?? "0", kind: kind, progress: progress,
            outcome: kind == .finished ? outcome : nil, result: result, at: at)
    }
}
