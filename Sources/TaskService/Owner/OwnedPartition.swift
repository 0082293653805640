internal import TaskEngine
internal import TaskModel

/// A partition that the group gave to this instance. Used on the owner's thread alone.
///
/// A reference: the engine lies in it and changes in place, where as a value it would be moved in and out of the loop's
/// dictionary with each input.
final class OwnedPartition {
    /// That of the ownership record that is being written, or whose echo is awaited; that of the engine afterwards.
    private(set) var epoch: Int64 = 0
    /// `nil` before the barrier is passed.
    private(set) var engine: PartitionEngine?
    /// Records that arrived before the barrier was passed.
    var early: [InboundRecord] = []
    /// The next offset to read of each input topic, as the next commit will say.
    var positions: [InboundRecord.Channel: Int64]

    init(positions: [InboundRecord.Channel: Int64]) {
        self.positions = positions
    }

    /// A new ownership begins; what an earlier one decided on is let go.
    func claim(epoch: Int64) {
        self.epoch = epoch
        engine = nil
    }

    func activate(_ engine: PartitionEngine) {
        epoch = engine.epoch
        self.engine = engine
    }

    var isActive: Bool { engine != nil }

    /// Lets the engine take in one input, in place.
    func handle(_ input: Input, now: Timestamp) -> [Effect] {
        engine?.handle(input, now: now) ?? []
    }

    func letGoAdmitted() {
        engine?.letGoAdmitted()
    }

    func admit(_ snapshot: TaskSnapshot, now: Timestamp) {
        engine?.admit(snapshot, now: now)
    }
}
