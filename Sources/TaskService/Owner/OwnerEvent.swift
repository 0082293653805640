internal import Kafka
internal import TaskCache
internal import TaskModel

/// What the owner's thread is told by the others.
enum OwnerEvent: Sendable {
    /// Records of the input topics, in order per partition.
    case records([InboundRecord])
    case assigned([Int32], GroupMembership)
    /// The group takes partitions away. The latch opens when they are given up.
    case revoked([Int32], Latch)
    /// An attempt of this instance has something to say.
    case report(RunnerReport, partition: Int32)
    /// The tail has read snapshots of the current owners; they are not folded yet.
    case echoes([Echo])
    /// The broker answered a commit of offsets that was begun at that uptime.
    case offsetsAnswered(KafkaError?, GroupMembership, startedAt: Double)
    /// The tail has folded records.
    case folded(FoldResult)
    /// The broker acknowledged reports of attempts whose owner is elsewhere; sent at that uptime.
    case reportsAcknowledged([AttemptRef], sentAt: Double)
    /// Start nothing more. The latch opens when no attempt is announced, runs, or has an end that is not taken in.
    case drain(Latch)
    /// Interrupt what runs.
    case interrupt
    case stop
}
