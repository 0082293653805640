internal import TaskEngine
internal import TaskModel

/// A partition that the group gave to a process.
struct OwnedPartition {
    enum Phase {
        /// The committed offsets cannot be told yet.
        case assigned
        /// The ownership record with this epoch has been written; its echo is awaited.
        case claiming(epoch: Int64)
        case active(PartitionEngine)
    }

    var phase = Phase.assigned
    /// The next offset to read of each input.
    var positions: [InboundRecord.Channel: Int] = [:]

    var engine: PartitionEngine? {
        if case .active(let engine) = phase { engine } else { nil }
    }

    mutating func handle(_ input: Input, now: Timestamp) -> [Effect] {
        guard case .active(var engine) = phase else { return [] }
        phase = .assigned
        let effects = engine.handle(input, now: now)
        phase = .active(engine)
        return effects
    }

    mutating func admit(_ snapshot: TaskSnapshot, now: Timestamp) {
        guard case .active(var engine) = phase else { return }
        engine.admit(snapshot, now: now)
        phase = .active(engine)
    }
}
