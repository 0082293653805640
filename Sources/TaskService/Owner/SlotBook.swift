internal import TaskEngine
internal import TaskModel

/// Which attempts take up slots of this instance: those of owned tasks by their snapshots, and those that go on for
/// other owners.
struct SlotBook {
    let capacity: Int
    private(set) var owned: Set<AttemptRef> = []
    /// Attempts that run here while somebody else owns their tasks.
    private(set) var detached: [AttemptRef: Int32] = [:]

    init(capacity: Int) {
        self.capacity = capacity
    }

    var isEmpty: Bool { owned.isEmpty && detached.isEmpty }
    var free: Int { max(0, capacity - owned.count - detached.count) }

    /// Takes note of a snapshot of an owned task.
    mutating func observe(_ snapshot: TaskSnapshot, lease configuration: EngineConfiguration) {
        let ref = AttemptRef(taskID: snapshot.id, attempt: snapshot.state.attempt)
        if snapshot.state.status == .running, snapshot.state.lease?.runner == configuration.runner,
            snapshot.state.lease?.incarnation == configuration.incarnation
        {
            owned.insert(ref)
        } else {
            owned.remove(ref)
        }
    }

    /// The partition went to another owner; `running` are its attempts that really run here.
    mutating func detach(_ refs: Set<AttemptRef>, running: Set<AttemptRef>, partition: Int32) {
        owned.subtract(refs)
        for ref in refs.intersection(running) { detached[ref] = partition }
    }

    /// The partition is ours (again).
    mutating func attach(_ refs: Set<AttemptRef>) {
        for ref in refs { detached[ref] = nil }
        owned.formUnion(refs)
    }

    mutating func end(_ ref: AttemptRef) {
        detached[ref] = nil
    }
}
