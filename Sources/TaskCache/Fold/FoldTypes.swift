public import TaskModel

/// A record of the status topic as the tail read it.
public struct CachedRecord: Sendable {
    public let partition: Int32
    public let offset: Int64
    public let timestampMs: Int64
    public let key: [UInt8]?
    public let value: [UInt8]?

    public init(partition: Int32, offset: Int64, timestampMs: Int64, key: [UInt8]?, value: [UInt8]?) {
        self.partition = partition
        self.offset = offset
        self.timestampMs = timestampMs
        self.key = key
        self.value = value
    }
}

/// What a batch of records came to.
public struct FoldResult: Sendable {
    public struct Owner: Sendable {
        public let record: OwnershipRecord
        /// Whether its epoch is greater than all before it in its partition.
        public let isAccepted: Bool
    }

    /// Tasks of which a newer snapshot became the current one: the last of each, where the batch held several.
    public internal(set) var applied: [AppliedTask] = []
    /// What the attempts of these tasks have used so far; nothing of those that have used nothing.
    public internal(set) var usage: [AttemptUsage] = []
    public internal(set) var owners: [(partition: Int32, owner: Owner)] = []
    /// Records of former owners, or older than what is held: ignored.
    public internal(set) var stale: [(partition: Int32, id: TaskID)] = []
    /// Records that are held already.
    public internal(set) var repeated = 0
    public internal(set) var tombstones = 0
    /// Records that could not be read.
    public private(set) var invalid = 0
    /// Where the first of them lies.
    public private(set) var firstInvalid: (partition: Int32, offset: Int64)?

    public init() {}

    mutating func skip(_ record: CachedRecord) {
        if invalid == 0 { firstInvalid = (record.partition, record.offset) }
        invalid += 1
    }
}

/// What the owner and the runner want to know of a snapshot that was folded.
public struct AppliedTask: Hashable, Sendable {
    public let partition: Int32
    public let id: TaskID
    public let order: RecordOrder
    public let status: TaskStatus
    public let attempt: Int
    public let isCancelRequested: Bool
    /// Whether the attempt runs, or waits for an answer.
    public let isAttemptAlive: Bool
    /// Since when the attempt waits for an answer.
    public let waitingSince: Timestamp?
    /// Answers to questions of the attempt.
    public let answers: [TaskState.Answer]
    /// The confirmations of which it is known what was done.
    public let acts: [String]

    init(_ id: TaskID, _ state: TaskState, partition: Int32) {
        self.partition = partition
        self.id = id
        order = state.order
        status = state.status
        attempt = state.attempt
        isCancelRequested = state.isCancelRequested
        isAttemptAlive = state.isAttemptAlive
        waitingSince = state.waitingSince
        answers = state.answers
        acts = state.acts
    }
}
