/// All that is known of one task after one transition: a record of the status topic.
public struct TaskSnapshot: Equatable, Sendable {
    public let spec: TaskSpec
    private var shared: SharedState

    public init(spec: TaskSpec, state: TaskState) {
        self.spec = spec
        shared = SharedState(state)
    }

    public var state: TaskState {
        _read { yield shared.value }
        _modify {
            if !isKnownUniquelyReferenced(&shared) { shared = SharedState(shared.value) }
            yield &shared.value
        }
    }

    public static func == (left: TaskSnapshot, right: TaskSnapshot) -> Bool {
        left.spec == right.spec && left.state == right.state
    }

    public var id: TaskID { spec.id }

    /// What readers order a task's records by.
    public var order: RecordOrder { state.order }

    /// The names of the members beside the request's own.
    static let stateFields: Set<String> = [
        "status", "version", "epoch", "attempt", "retries_used", "lost_attempts", "attempts", "progress", "phase",
        "output", "output_bytes", "error", "exit_code", "signal", "duration", "created_at", "updated_at",
        "started_at", "completed_at", "next_attempt_at", "confirmation", "confirmations", "lease", "reason",
        "needs_approval", "cancel_requested", "applied_inputs", "traceparent", "sandbox", "agent_session", "agent_plan",
        "token_usage", "recovered_by", "transient_failures",
    ]
}

/// The state beside its snapshot, copied when one of several snapshots changes. A state has some forty members, half of
/// them references; a snapshot goes through many hands between two changes.
private final class SharedState: @unchecked Sendable {
    // Unchecked: it is changed only where there is one reference to it.
    var value: TaskState

    init(_ value: TaskState) {
        self.value = value
    }
}

extension TaskState {
    /// What readers order a task's records by.
    public var order: RecordOrder { RecordOrder(epoch: epoch, version: version) }
}

/// The place of a record among those of its task: first by the owner's epoch, then by version.
public struct RecordOrder: Hashable, Comparable, Sendable {
    public let epoch: Int64
    public let version: Int64

    public init(epoch: Int64, version: Int64) {
        self.epoch = epoch
        self.version = version
    }

    public static func < (left: RecordOrder, right: RecordOrder) -> Bool {
        (left.epoch, left.version) < (right.epoch, right.version)
    }
}
