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
                outcome: duration > limit ? .timedOut : ending, leaseUntil: leaseUntil, heartbeatAt: local,
                errand: errand(order, within: min(duration, limit))))
        note("starts \(order.ref)")
        environment.checks.advance(broker)
        environment.checks.started(order, on: name, incarnation: incarnation)
    }

    func stop(_ ref: AttemptRef, _ reason: StopReason) {
        note("stops \(ref): \(reason.rawValue)")
        let outcome: AttemptOutcome = reason == .cancelled ? .cancelled : reason == .leaseLost ? .lost : .interrupted
        runner.stop(ref, outcome, at: environment.now + environment.random.within(Timing.killing))
    }

    /// What an attempt does on the way that is gated; in some it gives up waiting.
    private func errand(_ order: AttemptOrder, within duration: Int64) -> SimulatedRunner.Errand? {
        guard order.spec.approvalPolicy == .autoWithGates, environment.random.chance(80) else { return nil }
        let id = order.ref.taskID
        let count = environment.random.chance(25) ? 2 : 1
        let questions = (1...count).map { number in
            SimulatedGates.question(
                number, of: id, gate: environment.random.chance(70) ? "deploy" : "pay",
                variant: environment.random.chance(80) ? 0 : 1)
        }
        return SimulatedRunner.Errand(
            questions: questions, next: environment.now + environment.random.within(0...max(1, duration - 1)),
            patience: environment.random.chance(15) ? environment.random.within(0...3000) : nil)
    }

    /// The owner's answer to a question. Only one that is waited for counts, and nothing to an attempt that is stopped.
    func answer(_ ref: AttemptRef, _ number: Int, _ answer: QuestionAnswer) {
        let delay = environment.random.within(0...300)
        if runner.answer(ref, number, answer, at: environment.now + delay) { note("answers \(ref): \(answer)") }
    }

    /// Something gated is done, in true time.
    private func act(_ act: SimulatedRunner.Act) {
        note("\(act.order.ref) acts on \(act.approval)")
        environment.checks.advance(broker)
        environment.checks.acted(act.order.ref, act.question, on: act.approval)
        var report = message(act.order, .acted, TaskProgress(percent: 50))
        report.act = AttemptAct(confirmationID: act.approval, exitCode: 0, summary: "done")
        mailbox.append(.report(report, act.order.partition))
    }

    private func message(_ order: AttemptOrder, _ kind: RunnerReport.Kind, _ progress: TaskProgress) -> RunnerReport {
        RunnerReport(
            ref: order.ref, runner: name, incarnation: configuration.incarnation, kind: kind, progress: progress,
            at: now)
    }

    private func ask(_ attempt: SimulatedRunner.Attempt) {
        guard let question = attempt.errand?.asked else { return }
        var report = message(attempt.order, .question, TaskProgress(percent: attempt.percent, phase: "working"))
        report.question = question
        report.agent = account(attempt.order)
        mailbox.append(.report(report, attempt.order.partition))
    }

    /// The agents of half of the tasks keep sessions, so that their attempts are parked while they wait.
    private func account(_ order: AttemptOrder) -> AgentAccount? {
        let text = order.ref.taskID.text
        guard text.utf8.reduce(0, { $0 + Int($1) }).isMultiple(of: 2) else { return nil }
        var account = AgentAccount()
        account.session = order.resumption?.session ?? AgentSession(agent: "simulated", id: "\(order.ref)")
        account.usage = TokenUsage(input: 10)
        return account
    }

    /// Attempts end and leases pass, also while all threads of the process stand still.
    func advanceRunner() {
        let moved = runner.advanceErrands(to: environment.now)
        for act in moved.acts { self.act(act) }
        for attempt in moved.asking { ask(attempt) }
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
            var report = message(
                attempt.order, .heartbeat, TaskProgress(percent: attempt.percent, phase: "working"))
            report.agent = attempt.errand == nil ? nil : account(attempt.order)
            mailbox.append(.report(report, attempt.order.partition))
            ask(attempt)
        }
    }

    func take(_ report: RunnerReport, _ partition: Int32) {
        if let key = ReportKey(report) { outbox[key] = (report, partition, local) }
        if report.kind == .finished { slots.end(report.ref) }
        deliver(report, partition)
    }

    private func deliver(_ report: RunnerReport, _ id: Int32) {
        guard partitions[id]?.engine != nil else {
            send(report, id)
            return
        }
        add(partitions[id]?.handle(.report(report), now: now) ?? [], id)
        if let key = ReportKey(report) { batch.settledReports.append(key) }
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
        let due = outbox.filter { local - $0.value.sentAt >= Timing.resend }
            .sorted {
                ($0.key.ref.taskID, $0.key.ref.attempt, $0.key.approval ?? "~")
                    < ($1.key.ref.taskID, $1.key.ref.attempt, $1.key.approval ?? "~")
            }
        for (key, entry) in due {
            outbox[key]?.sentAt = local
            deliver(entry.report, entry.partition)
        }
    }

    /// A snapshot tells what became of an attempt that runs here for another owner.
    func settle(_ snapshot: TaskSnapshot) {
        for key in outbox.keys.filter({ $0.ref.taskID == snapshot.id }) where isSettled(key, snapshot) {
            outbox[key] = nil
        }
        for ref in slots.detached.keys.filter({ $0.taskID == snapshot.id }) {
            if isOver(ref, snapshot) {
                stop(ref, .superseded)
            } else if snapshot.state.attempt == ref.attempt {
                slots.waits(ref, since: snapshot.state.waitingSince)
                for answer in snapshot.state.answers { self.answer(ref, answer.question, answer.answer) }
                if snapshot.state.isCancelRequested { stop(ref, .cancelled) }
            }
        }
    }

    private func isSettled(_ key: ReportKey, _ snapshot: TaskSnapshot) -> Bool {
        guard let approval = key.approval else { return isOver(key.ref, snapshot) }
        return snapshot.state.status.isTerminal || snapshot.state.acts.contains(approval)
    }

    private func isOver(_ ref: AttemptRef, _ snapshot: TaskSnapshot) -> Bool {
        guard !environment.has(.pastOnly) else { return snapshot.isPast(ref) }
        return !snapshot.state.isAttemptAlive || snapshot.state.attempt != ref.attempt
    }

    /// Everything dies with the process.
    func crash() {
        for ref in runner.refs {
            guard let attempt = runner.attempts[ref] else { continue }
            environment.checks.ended(attempt.order, on: name, incarnation: incarnation, byItself: false)
        }
    }
}
