internal import TaskModel

/// The attempts of one process. It lives in true time: what it runs goes on while the owner's thread stands still, and
/// it kills on its own when a lease has passed.
struct SimulatedRunner {
    struct Attempt {
        let order: AttemptOrder
        /// True time.
        var endsAt: Int64
        var outcome: AttemptOutcome
        /// Local time.
        var leaseUntil: Int64
        var isStopping = false
        var heartbeatAt: Int64
        var percent = 0
        var errand: Errand?
        /// What was left of its time when it began to wait.
        var remaining: Int64 = 0
    }

    /// How an attempt ended.
    struct Ending {
        let order: AttemptOrder
        let outcome: AttemptOutcome
        let byItself: Bool
    }

    private(set) var attempts: [AttemptRef: Attempt] = [:]

    var refs: [AttemptRef] {
        attempts.keys.sorted { ($0.taskID, $0.attempt) < ($1.taskID, $1.attempt) }
    }

    mutating func start(_ attempt: Attempt) {
        attempts[attempt.order.ref] = attempt
    }

    mutating func stop(_ ref: AttemptRef, _ outcome: AttemptOutcome, at trueTime: Int64) {
        guard var attempt = attempts[ref], !attempt.isStopping else { return }
        attempt.isStopping = true
        attempt.errand = nil
        if trueTime < attempt.endsAt {
            attempt.endsAt = trueTime
            attempt.outcome = outcome
        }
        attempts[ref] = attempt
    }

    mutating func change(_ ref: AttemptRef, _ body: (inout Attempt) -> Void) {
        guard var attempt = attempts[ref] else { return }
        body(&attempt)
        attempts[ref] = attempt
    }

    mutating func renew(_ refs: some Sequence<AttemptRef>, until local: Int64) {
        for ref in refs {
            guard let attempt = attempts[ref] else { continue }
            attempts[ref]?.leaseUntil = max(attempt.leaseUntil, local)
        }
    }

    /// The attempts whose heartbeat is due, which is then noted as given.
    mutating func beat(at local: Int64) -> [Attempt] {
        var due: [Attempt] = []
        for ref in refs {
            guard let attempt = attempts[ref], local - attempt.heartbeatAt >= Timing.heartbeat else { continue }
            attempts[ref]?.heartbeatAt = local
            if attempt.errand?.asked == nil { attempts[ref]?.percent = min(99, attempt.percent + 7) }
            due.append(attempts[ref] ?? attempt)
        }
        return due
    }

    /// The next true moment at which something happens by itself.
    func nextEvent(_ clock: SimulatedClock) -> Int64? {
        attempts.values.map { attempt in
            attempt.isStopping
                ? attempt.endsAt
                : min(attempt.endsAt, clock.trueTime(attempt.leaseUntil), attempt.errand?.nextEvent ?? .max)
        }.min()
    }

    /// What happens by itself at `now`: attempts end, and those whose lease has passed are killed.
    mutating func advance(to now: Int64, _ clock: SimulatedClock, killing: () -> Int64) -> [Ending] {
        var endings: [Ending] = []
        for ref in refs {
            guard let attempt = attempts[ref] else { continue }
            if attempt.endsAt <= now {
                attempts[ref] = nil
                let byItself = [.completed, .failed, .timedOut].contains(attempt.outcome)
                endings.append(Ending(order: attempt.order, outcome: attempt.outcome, byItself: byItself))
            } else if !attempt.isStopping, clock.local(now) >= attempt.leaseUntil {
                stop(ref, .lost, at: now + killing())
            }
        }
        return endings
    }
}
