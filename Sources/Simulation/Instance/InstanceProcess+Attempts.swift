internal import TaskEngine
internal import TaskModel

/// The runner and what it reports.
extension InstanceProcess {
    func start(_ order: AttemptOrder, committedAt: Int64) {
        let lease = Int64(order.leaseSeconds) * 1000
        let leaseUntil = (environment.has(.startLease) ? committedAt : local) + lease
        guard leaseUntil > local else {
            note("does not start \(order.ref): its lease has passed")
            report(order, .lost)
            return
        }
        let limit = Int64(order.timeoutSeconds) * 1000
        let duration = environment.random.within(Timing.attempt)
        let ending: AttemptOutcome = environment.random.chance(75) ? .completed : .failed
        runner.start(
            .init(
                order: order, endsAt: environment.now + min(duration, limit),
                outcome: duration > limit ? .timedOut : ending, leaseUntil: leaseUntil, heartbeatAt: local))
        note("starts \(order.ref)")
        environment.checks.advance(broker)
        environment.checks.started(order, on: name, incarnation: incarnation)
    }

    func stop(_ ref: AttemptRef, _ reason: StopReason) {
        note("stops \(ref): \(reason.rawValue)")
        let outcome: AttemptOutcome = reason == .cancelled ? .cancelled : reason == .leaseLost ? .lost : .interrupted
        runner.stop(ref, outcome, at: environment.now + environment.random.within(Timing.killing))
    }

    /// Attempts end and leases pass, also while all threads of the process stand still.
    func advanceRunner() {
        let endings = runner.advance(to: environment.now, clock) { environment.random.within(Timing.killing) }
        for ending in endings {
            note("ends \(ending.order.ref): \(ending.outcome.rawValue)")
            environment.checks.ended(ending.order, on: name, incarnation: incarnation, byItself: ending.byItself)
            report(ending.order, ending.outcome)
        }
    }

    private func report(_ order: AttemptOrder, _ outcome: AttemptOutcome) {
        mailbox.append(
            .report(
                RunnerReport(
                    ref: order.ref, runner: name, incarnation: configuration.incarnation, kind: .finished,
                    progress: TaskProgress(percent: 99), outcome: outcome,
                    result: AttemptResult(exitCode: outcome == .completed ? 0 : 1), at: now),
                order.partition))
    }

    /// One step of the runner's reporting thread.
    func heartbeatStep() {
        for attempt in runner.beat(at: local) {
            mailbox.append(
                .report(
                    RunnerReport(
                        ref: attempt.order.ref, runner: name, incarnation: configuration.incarnation, kind: .heartbeat,
                        progress: TaskProgress(percent: attempt.percent, phase: "working"), at: now),
                    attempt.order.partition))
        }
    }

    func take(_ report: RunnerReport, _ partition: Int32) {
        if report.kind == .finished {
            outbox[report.ref] = (report, partition, local)
            slots.end(report.ref)
        }
        deliver(report, partition)
    }

    private func deliver(_ report: RunnerReport, _ id: Int32) {
        guard partitions[id]?.engine != nil else {
            send(report, id)
            return
        }
        add(partitions[id]?.handle(.report(report), now: now) ?? [], id)
        if report.kind == .finished { batch.settledReports.append(report.ref) }
    }

    private func send(_ report: RunnerReport, _ id: Int32) {
        let payload = Payload.inbound(key: nil, value: report.json, headers: [])
        let place = LogPlace(topic: .reports, partition: id)
        note("sends \(report.kind.rawValue) of \(report.ref)")
        if environment.fault(5) {
            broker.inFlight.append((place, payload, name))
            return
        }
        broker.append(payload, to: place, by: name, at: environment.now)
        if !environment.fault(5) { mailbox.append(.acknowledged(report.ref, sentAt: local)) }
    }

    func resendReports() {
        let due = outbox.values.filter { local - $0.sentAt >= Timing.resend }
            .sorted { ($0.report.ref.taskID, $0.report.ref.attempt) < ($1.report.ref.taskID, $1.report.ref.attempt) }
        for entry in due {
            outbox[entry.report.ref]?.sentAt = local
            deliver(entry.report, entry.partition)
        }
    }

    /// A snapshot tells what became of an attempt that runs here for another owner.
    func settle(_ snapshot: TaskSnapshot) {
        for ref in outbox.keys.filter({ $0.taskID == snapshot.id }) where isOver(ref, snapshot) { outbox[ref] = nil }
        for ref in slots.detached.keys.filter({ $0.taskID == snapshot.id }) {
            if isOver(ref, snapshot) {
                stop(ref, .superseded)
            } else if snapshot.state.isCancelRequested, snapshot.state.attempt == ref.attempt {
                stop(ref, .cancelled)
            }
        }
    }

    private func isOver(_ ref: AttemptRef, _ snapshot: TaskSnapshot) -> Bool {
        guard !environment.has(.pastOnly) else { return snapshot.isPast(ref) }
        return snapshot.state.status != .running || snapshot.state.attempt != ref.attempt
    }

    /// Everything dies with the process.
    func crash() {
        for ref in runner.refs {
            guard let attempt = runner.attempts[ref] else { continue }
            environment.checks.ended(attempt.order, on: name, incarnation: incarnation, byItself: false)
        }
    }
}
