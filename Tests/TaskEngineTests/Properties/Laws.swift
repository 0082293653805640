import TaskEngine
import TaskModel

/// What must hold whatever happens to a partition; keeps the first breach.
struct Laws {
    private(set) var latest: [TaskID: TaskSnapshot] = [:]
    private(set) var breach: String?
    private(set) var published = 0
    /// In the order of their arrival.
    private(set) var ids: [TaskID] = []
    private var holders: [String: TaskID] = [:]
    private var started: Set<AttemptRef> = []
    private var notified: Set<String> = []

    mutating func require(_ isTrue: Bool, _ message: @autoclosure () -> String) {
        if breach == nil, !isTrue { breach = message() }
    }

    mutating func check(_ effects: Effects) {
        for effect in effects.all {
            switch effect {
            case .publish(let snapshot): publish(snapshot)
            case .start(let order): start(order)
            case .notify(let notification):
                require(notified.insert(notification.id).inserted, "\(notification.id) goes out twice")
            default: break
            }
        }
    }

    private mutating func publish(_ snapshot: TaskSnapshot) {
        published += 1
        let (id, state) = (snapshot.id, snapshot.state)
        if let old = latest[id] {
            if snapshot.state.version == old.state.version {
                var same = old
                same.state.epoch = state.epoch
                require(same == snapshot && state.epoch >= old.state.epoch, "\(id) is rewritten, but not the same")
            } else {
                require(state.version == old.state.version + 1, "\(id): \(old.state.version), then \(state.version)")
                require(state.epoch >= old.state.epoch, "\(id): the epoch falls")
                require(
                    old.state.status.canBecome(state.status), "\(id): from \(old.state.status) to \(state.status)")
            }
        } else {
            require(state.version == 1 && state.status == .pending, "\(id) begins with version \(state.version)")
        }
        if latest.updateValue(snapshot, forKey: id) == nil { ids.append(id) }
        checkFields(snapshot)
        checkKey(snapshot)
    }

    private mutating func checkFields(_ snapshot: TaskSnapshot) {
        let (id, state) = (snapshot.id, snapshot.state)
        let mayLive = state.status == .waitingConfirmation || !state.isAttemptAlive
        require(
            state.status == .running ? state.isAttemptAlive : mayLive,
            "\(id): \(state.status) and its lease")
        require((state.completedAt != nil) == state.status.isTerminal, "\(id): \(state.status) and its end")
        require(state.confirmation == nil || state.status == .waitingConfirmation, "\(id): \(state.status) but asks")
        require(state.status != .running || !state.needsApproval, "\(id) runs unapproved")
        require(
            state.attempts.dropLast().allSatisfy { $0.outcome != nil }
                && (state.attempts.last.map { $0.outcome == nil } ?? false) == state.isAttemptAlive,
            "\(id) \(state.status): outcomes \(state.attempts.map { $0.outcome?.rawValue ?? "-" })")
        require(state.updatedAt >= state.createdAt, "\(id) is changed before it was made")
    }

    private mutating func checkKey(_ snapshot: TaskSnapshot) {
        guard let key = snapshot.spec.concurrencyKey else { return }
        if snapshot.state.isAttemptAlive {
            let holder = holders[key] ?? snapshot.id
            require(holder == snapshot.id, "\(snapshot.id) runs while \(holder) has the key \(key)")
            holders[key] = snapshot.id
        } else if holders[key] == snapshot.id {
            holders[key] = nil
        }
    }

    private mutating func start(_ order: AttemptOrder) {
        require(started.insert(order.ref).inserted, "\(order.ref) starts twice")
        let state = latest[order.ref.taskID]?.state
        require(state?.status == .running && state?.attempt == order.ref.attempt, "\(order.ref) starts unannounced")
    }

    /// The engine holds exactly what it published: all that is active, and of the rest only what is true.
    mutating func compare(_ engine: PartitionEngine) {
        for snapshot in engine.snapshots {
            require(latest[snapshot.id] == snapshot, "\(snapshot.id) differs from the log")
        }
        for snapshot in latest.values where !snapshot.state.status.isTerminal {
            require(engine.holds(snapshot.id), "\(snapshot.id) is \(snapshot.state.status), but not held")
        }
    }
}
