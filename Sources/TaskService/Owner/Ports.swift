internal import Kafka
internal import TaskModel

/// A partition of an input topic.
struct InputPosition: Hashable, Sendable {
    let channel: InboundRecord.Channel
    let partition: Int32
}

/// What one commit asks for.
struct CommitRequest {
    /// Records that come before the snapshots.
    let effects: [OutgoingRecord]
    let snapshots: [OutgoingRecord]
    /// The next offset of every input partition that is owned.
    let offsets: [InputPosition: Int64]
    /// The membership under which the partitions came.
    let membership: GroupMembership
    /// The epochs of this ownership, by partition: what the snapshots carry.
    let epochs: [Int32: Int64]
}

/// Writes records and offsets, or nothing that counts. Blocks.
protocol CommitPort {
    /// - Returns: whether the broker has acknowledged the membership with it. If not, it does so, or refuses, with an
    ///   `offsetsAnswered` event.
    func commit(_ request: CommitRequest) throws -> Bool
}

/// The membership in the consumer group of the input topics.
protocol InputGroup: AnyObject {
    /// Where reading starts in the input topics of a partition that was just assigned; `nil` when the broker does not
    /// answer. Without these offsets a commit could not prove its membership.
    func startPositions(_ partition: Int32) -> [InboundRecord.Channel: Int64]?
    /// The end of an input partition as last heard of; does not block.
    func knownEnd(_ channel: InboundRecord.Channel, _ partition: Int32) -> Int64?
    /// The end of an input partition now; `nil` when the broker does not answer.
    func endOffset(_ channel: InboundRecord.Channel, _ partition: Int32) -> Int64?
    /// The ends of all partitions of the status topic now; `nil` when the broker does not answer.
    func statusEnds() -> [Int32: Int64]?
    /// Reads on in a partition that was paused since its assignment.
    func resume(_ partition: Int32)
    /// The owner has taken in that many records: reading can go on if it was held back.
    func taken(_ count: Int)
    /// Leaves the group and joins it again.
    func rejoin()
}

/// Sends reports of attempts to owners elsewhere.
protocol ReportPort: AnyObject {
    func send(_ record: OutgoingRecord, of ref: AttemptRef)
}
