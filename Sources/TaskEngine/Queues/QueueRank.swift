/// A task's place among those that could start: the smaller, the sooner.
///
/// Ageing needs no re-sorting: waiting an `ageing` period weighs as much as one level of priority, so the rank
/// `ready − level · ageing` never changes and orders tasks as their aged priorities would.
public struct QueueRank: Hashable, Comparable, Sendable {
    /// Milliseconds.
    public let virtualTime: Int64
    /// Order of arrival within the partition.
    public let sequence: UInt64

    public static func < (left: QueueRank, right: QueueRank) -> Bool {
        (left.virtualTime, left.sequence) < (right.virtualTime, right.sequence)
    }
}
