internal import TaskModel

/// An attempt whose surroundings are being made. It can be stopped, and it can lose its lease, before it begins.
struct PreparingAttempt {
    let order: AttemptOrder
    let token: UInt64
    var heartbeatAt: Double
    private(set) var leaseUntil: Double
    private(set) var stopped: StopReason?

    init(order: AttemptOrder, token: UInt64, heartbeatAt: Double, leaseUntil: Double) {
        self.order = order
        self.token = token
        self.heartbeatAt = heartbeatAt
        self.leaseUntil = leaseUntil
    }

    var deadline: Double { heartbeatAt }

    mutating func renewLease(until moment: Double) {
        leaseUntil = max(leaseUntil, moment)
    }

    mutating func stop(_ reason: StopReason) {
        stopped = stopped ?? reason
    }

    /// How the attempt has ended before it began; `nil` when it may begin.
    func verdict(now: Double) -> (outcome: AttemptOutcome, error: String)? {
        switch stopped {
        case .cancelled, .superseded: (.cancelled, "stopped on request")
        case .interrupted: (.interrupted, "the service went down")
        case .parked: (.interrupted, "it waits for a decision")
        case .leaseLost: (.lost, "the broker could not be reached for \(order.leaseSeconds) s")
        // A commit can take longer than a lease; somebody else may have the task by now.
        case nil where now >= leaseUntil:
            (.lost, "the lease of \(order.leaseSeconds) s had passed before the attempt could start")
        case nil: nil
        }
    }
}
