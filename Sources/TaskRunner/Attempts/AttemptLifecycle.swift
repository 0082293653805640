internal import TaskModel

/// When an attempt is told to stop, when it is killed, and how it is said to have ended. Times are monotonic seconds.
struct AttemptLifecycle: Sendable {
    enum Action: Equatable, Sendable {
        /// SIGTERM to the whole group.
        case terminate
        /// SIGKILL to the whole group.
        case kill
        /// Everything is over: what is left in the pipes is not waited for any longer.
        case finish
    }

    /// Why the attempt does not end by itself.
    enum Cause: Equatable, Sendable {
        case stopped(StopReason)
        case timedOut
        case exceeded(LimitBreach)
        /// Its budget is spent; why, and what to do.
        case overspent(String)
    }

    private enum Phase: Equatable, Sendable {
        case running
        case terminating(killAt: Double)
        case killed
        case exited(finishAt: Double)
        case over
    }

    /// Seconds that output may still come after the leader has ended: grandchildren can hold the pipes open.
    static let lingerSeconds = 2.0

    private var phase = Phase.running
    private(set) var cause: Cause?
    private var timeoutAt: Double
    /// Since when it waits for a human, which takes none of its time.
    private var heldSince: Double?
    private let graceSeconds: Double
    private(set) var leaseUntil: Double
    private var hasOpenOutput = true

    init(now: Double, timeoutSeconds: Int, leaseUntil: Double, graceSeconds: Int) {
        timeoutAt = now + Double(timeoutSeconds)
        self.leaseUntil = leaseUntil
        self.graceSeconds = Double(graceSeconds)
    }

    mutating func renewLease(until moment: Double) {
        leaseUntil = max(leaseUntil, moment)
    }

    /// The attempt waits for a human, or no longer. Only the lease and a stop end it meanwhile.
    mutating func hold(_ isHeld: Bool, now: Double) {
        if isHeld {
            heldSince = heldSince ?? now
        } else if let since = heldSince {
            timeoutAt += now - since
            heldSince = nil
        }
    }

    mutating func stop(_ reason: StopReason, now: Double) -> [Action] {
        interrupt(.stopped(reason), now: now)
    }

    /// A limit was passed: there is nothing to be gained by being polite.
    mutating func exceed(_ breach: LimitBreach) -> [Action] {
        switch phase {
        case .running, .terminating:
            cause = cause ?? .exceeded(breach)
            phase = .killed
            return [.kill]
        case .killed, .exited, .over: return []
        }
    }

    /// Its budget is spent. It may end in order, as at its time limit.
    mutating func overspend(_ breach: String, now: Double) -> [Action] {
        interrupt(.overspent(breach), now: now)
    }

    private mutating func interrupt(_ cause: Cause, now: Double) -> [Action] {
        guard case .running = phase else { return [] }
        self.cause = cause
        // The owner may give the task to another runner soon: there is no time to be polite.
        if cause == .stopped(.leaseLost) || graceSeconds <= 0 {
            phase = .killed
            return [.kill]
        }
        phase = .terminating(killAt: now + graceSeconds)
        return [.terminate]
    }

    mutating func tick(now: Double) -> [Action] {
        switch phase {
        case .running where now >= leaseUntil: return interrupt(.stopped(.leaseLost), now: now)
        case .running where heldSince == nil && now >= timeoutAt: return interrupt(.timedOut, now: now)
        case .terminating(let killAt) where now >= killAt || now >= leaseUntil:
            phase = .killed
            return [.kill]
        case .exited(let finishAt) where now >= finishAt:
            phase = .over
            return [.finish]
        default: return []
        }
    }

    /// The leader has ended. Whatever is left of its group goes too.
    mutating func leaderExited(now: Double) -> [Action] {
        guard hasOpenOutput else {
            phase = .over
            return [.kill, .finish]
        }
        phase = .exited(finishAt: now + Self.lingerSeconds)
        return [.kill]
    }

    /// Nothing more can be read.
    mutating func outputClosed() -> [Action] {
        hasOpenOutput = false
        guard case .exited = phase else { return [] }
        phase = .over
        return [.finish]
    }

    /// When `tick` has something to do.
    var deadline: Double? {
        switch phase {
        case .running: heldSince == nil ? min(leaseUntil, timeoutAt) : leaseUntil
        case .terminating(let killAt): min(killAt, leaseUntil)
        case .exited(let finishAt): finishAt
        case .killed, .over: nil
        }
    }

    /// How the attempt ended, given how its leader did.
    func outcome(exitCode: Int32?, signal: Int32?) -> AttemptOutcome {
        switch cause {
        case nil: exitCode == 0 ? .completed : .failed
        case .timedOut: .timedOut
        case .exceeded, .overspent: .failed
        case .stopped(.cancelled), .stopped(.superseded): .cancelled
        case .stopped(.interrupted), .stopped(.parked): .interrupted
        case .stopped(.leaseLost): .lost
        }
    }
}
