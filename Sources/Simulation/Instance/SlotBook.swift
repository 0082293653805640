internal import TaskEngine
internal import TaskModel

/// Which attempts take up the slots of a process.
struct SlotBook {
    static let capacity = 2
    private(set) var owned: Set<AttemptRef> = []
    /// Attempts that run here while somebody else owns their task, with their partition.
    private(set) var detached: [AttemptRef: Int32] = [:]

    /// Those of both that wait for an answer, since when.
    private var waiting: [AttemptRef: Timestamp] = [:]

    func free(at now: Timestamp, _ configuration: EngineConfiguration) -> Int {
        let limit = Int64(configuration.parkAfterSeconds) * 1000
        let parked = waiting.values.count { now.milliseconds(since: $0) >= limit }
        return max(0, Self.capacity - owned.count - detached.count + parked)
    }

    mutating func observe(_ snapshot: TaskSnapshot, _ configuration: EngineConfiguration) {
        let ref = AttemptRef(taskID: snapshot.id, attempt: snapshot.state.attempt)
        if snapshot.isRun(by: configuration) {
            owned.insert(ref)
            waiting[ref] = snapshot.state.waitingSince
        } else if owned.remove(ref) != nil {
            waiting[ref] = nil
        }
    }

    mutating func detach(_ refs: Set<AttemptRef>, running: Set<AttemptRef>, _ partition: Int32) {
        owned.subtract(refs)
        for ref in refs {
            if running.contains(ref) { detached[ref] = partition } else { waiting[ref] = nil }
        }
    }

    mutating func attach(_ snapshots: [TaskSnapshot], _ configuration: EngineConfiguration) {
        for snapshot in snapshots where snapshot.isRun(by: configuration) {
            detached[AttemptRef(taskID: snapshot.id, attempt: snapshot.state.attempt)] = nil
            observe(snapshot, configuration)
        }
    }

    mutating func waits(_ ref: AttemptRef, since moment: Timestamp?) {
        if detached[ref] != nil { waiting[ref] = moment }
    }

    mutating func end(_ ref: AttemptRef) {
        if detached.removeValue(forKey: ref) != nil { waiting[ref] = nil }
    }
}

extension TaskSnapshot {
    /// Whether the attempt is over by this snapshot. An older snapshot says nothing about it.
    func isPast(_ ref: AttemptRef) -> Bool {
        state.attempt > ref.attempt || (state.attempt == ref.attempt && !state.isAttemptAlive)
    }
}
