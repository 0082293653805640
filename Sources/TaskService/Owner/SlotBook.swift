internal import TaskEngine
internal import TaskModel

/// Which attempts take up slots of this instance: those of owned tasks by their snapshots, and those that go on for
/// other owners. One that has waited long for an answer keeps its process and gives its slot free; when it goes on there may
/// be one more than there are slots, for a while.
struct SlotBook {
    let capacity: Int
    /// Milliseconds after which an attempt that waits for an answer takes up no slot.
    private let parkAfter: Int64
    private(set) var owned: Set<AttemptRef> = []
    /// Attempts that run here while somebody else owns their tasks.
    private(set) var detached: [AttemptRef: Int32] = [:]
    /// Those of both that wait for an answer, since when.
    private var waiting: [AttemptRef: Timestamp] = [:]

    init(capacity: Int, parkAfterSeconds: Int) {
        self.capacity = capacity
        parkAfter = Int64(parkAfterSeconds) * 1000
    }

    var isEmpty: Bool { owned.isEmpty && detached.isEmpty }

    /// How many attempts could start.
    func free(at now: Timestamp) -> Int {
        let parked = waiting.values.count { now.milliseconds(since: $0) >= parkAfter }
        return max(0, capacity - owned.count - detached.count + parked)
    }

    /// Takes note of a snapshot of an owned task.
    mutating func observe(_ snapshot: TaskSnapshot, lease configuration: EngineConfiguration) {
        let ref = AttemptRef(taskID: snapshot.id, attempt: snapshot.state.attempt)
        if snapshot.isRun(by: configuration) {
            owned.insert(ref)
            waiting[ref] = snapshot.state.waitingSince
        } else if owned.remove(ref) != nil {
            waiting[ref] = nil
        }
    }

    /// The partition went to another owner; `running` are its attempts that really run here.
    mutating func detach(_ refs: Set<AttemptRef>, running: Set<AttemptRef>, partition: Int32) {
        owned.subtract(refs)
        for ref in refs {
            if running.contains(ref) { detached[ref] = partition } else { waiting[ref] = nil }
        }
    }

    /// The partition is ours (again), with these tasks.
    mutating func attach(_ snapshots: [TaskSnapshot], _ configuration: EngineConfiguration) {
        for snapshot in snapshots where snapshot.isRun(by: configuration) {
            detached[AttemptRef(taskID: snapshot.id, attempt: snapshot.state.attempt)] = nil
            observe(snapshot, lease: configuration)
        }
    }

    /// A detached attempt waits for an answer since then, or does not.
    mutating func waits(_ ref: AttemptRef, since moment: Timestamp?) {
        if detached[ref] != nil { waiting[ref] = moment }
    }

    mutating func end(_ ref: AttemptRef) {
        if detached.removeValue(forKey: ref) != nil { waiting[ref] = nil }
    }
}
