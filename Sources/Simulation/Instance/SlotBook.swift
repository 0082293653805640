internal import TaskEngine
internal import TaskModel

/// Which attempts take up the slots of a process.
struct SlotBook {
    static let capacity = 2
    private(set) var owned: Set<AttemptRef> = []
    /// Attempts that run here while somebody else owns their task, with their partition.
    private(set) var detached: [AttemptRef: Int32] = [:]

    var free: Int { max(0, Self.capacity - owned.count - detached.count) }

    mutating func observe(_ snapshot: TaskSnapshot, _ configuration: EngineConfiguration) {
        let ref = AttemptRef(taskID: snapshot.id, attempt: snapshot.state.attempt)
        if snapshot.isRunning(by: configuration) {
            owned.insert(ref)
        } else {
            owned.remove(ref)
        }
    }

    mutating func detach(_ refs: Set<AttemptRef>, running: Set<AttemptRef>, _ partition: Int32) {
        owned.subtract(refs)
        for ref in refs.intersection(running) { detached[ref] = partition }
    }

    mutating func attach(_ refs: Set<AttemptRef>) {
        for ref in refs { detached[ref] = nil }
        owned.formUnion(refs)
    }

    mutating func end(_ ref: AttemptRef) {
        detached[ref] = nil
    }
}

extension TaskSnapshot {
    func isRunning(by configuration: EngineConfiguration) -> Bool {
        state.status == .running && state.lease?.runner == configuration.runner
            && state.lease?.incarnation == configuration.incarnation
    }

    /// Whether the attempt is over by this snapshot. An older snapshot says nothing about it.
    func isPast(_ ref: AttemptRef) -> Bool {
        state.attempt > ref.attempt || (state.attempt == ref.attempt && state.status != .running)
    }
}
