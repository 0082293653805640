internal import TaskEngine
internal import TaskModel

/// A partition that the group gave to this instance.
struct OwnedPartition {
    enum Phase {
        /// The ownership record with this epoch is being written, or its echo is awaited.
        case claiming(epoch: Int64)
        case active(PartitionEngine)
    }

    var phase: Phase
    /// Records that arrived before the barrier was passed.
    var early: [InboundRecord] = []
    /// The next offset to read of each input topic, as the next commit will say.
    var positions: [InboundRecord.Channel: Int64]

    var isActive: Bool {
        if case .active = phase { true } else { false }
    }

    var engine: PartitionEngine? {
        if case .active(let engine) = phase { engine } else { nil }
    }

    /// Lets the engine take in one input, in place.
    mutating func handle(_ input: Input, now: Timestamp) -> [Effect] {
        guard case .active(var engine) = phase else { return [] }
        // The engine must be the only reference to its storage while it changes, or every change would copy it.
        phase = .claiming(epoch: engine.epoch)
        let effects = engine.handle(input, now: now)
        phase = .active(engine)
        return effects
    }

    mutating func letGoAdmitted() {
        guard case .active(var engine) = phase else { return }
        phase = .claiming(epoch: engine.epoch)
        engine.letGoAdmitted()
        phase = .active(engine)
    }

    mutating func admit(_ snapshot: TaskSnapshot, now: Timestamp) {
        guard case .active(var engine) = phase else { return }
        phase = .claiming(epoch: engine.epoch)
        engine.admit(snapshot, now: now)
        phase = .active(engine)
    }
}
