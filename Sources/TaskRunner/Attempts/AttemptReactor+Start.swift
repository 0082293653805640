internal import CProcess
internal import Foundation
internal import TaskModel

/// From an order to a running process.
extension AttemptReactor {
    func prepare(_ order: AttemptOrder, leaseUntil: Double) {
        // An order that is given twice must not make two processes.
        guard tokens[order.ref] == nil, preparing[order.ref] == nil else { return }
        lastToken += 1
        let now = Uptime.now
        let attempt = PreparingAttempt(
            order: order, token: lastToken, heartbeatAt: now + Double(settings.heartbeatSeconds),
            leaseUntil: leaseUntil)
        if let verdict = attempt.verdict(now: now) { return end(order, verdict.outcome, verdict.error) }
        preparing[order.ref] = attempt
        let mailbox = mailbox
        preparer.prepare(order, label: label(of: lastToken), mailbox: mailbox) {
            mailbox.post(.prepared(order.ref, $0))
        }
    }

    /// Tokens of several threads, told apart.
    func label(of token: UInt64) -> UInt64 { token << 3 | UInt64(mailbox.index) }

    func begin(_ ref: AttemptRef, _ result: Result<PreparedAttempt, SpawnError>) {
        guard let preparing = preparing.removeValue(forKey: ref) else {
            if case .success(let prepared) = result { release(prepared) }
            return
        }
        let now = Uptime.now
        switch result {
        case .failure(let error): end(preparing.order, .failed, error.description, error.failure)
        case .success(let prepared):
            if let verdict = preparing.verdict(now: now) {
                release(prepared)
                return end(preparing.order, verdict.outcome, verdict.error)
            }
            do {
                let process = try prepared.spawn.start()
                prepared.closeChildEnds()
                add(
                    RunningAttempt(
                        order: preparing.order, token: preparing.token, process: process, prepared: prepared, now: now,
                        leaseUntil: preparing.leaseUntil, settings: settings))
            } catch {
                release(prepared)
                end(preparing.order, .failed, error.description)
            }
        }
    }

    private func add(_ attempt: RunningAttempt) {
        watch(attempt.process.pid)
        let token = attempt.token
        attempts[token] = attempt
        tokens[attempt.ref] = token
        poll.add(attempt.process.output, token: Source.output.token(token))
        if attempt.process.error >= 0 { poll.add(attempt.process.error, token: Source.error.token(token)) }
        poll.add(attempt.process.pidfd, token: Source.leader.token(token))
        attempt.holdings.gate?.open()
        if let channel = attempt.channel { poll.add(channel.descriptor, token: Source.control.token(token)) }
        if let agent = attempt.agent { poll.add(agent.descriptor, token: Source.reports.token(token)) }
        supervisor.watch(
            Supervisor.Watch(
                ref: attempt.ref, process: attempt.process.pid, limits: attempt.limits,
                hasMemoryLimit: attempt.holdings.cgroup?.holdsMemory ?? false,
                paths: attempt.holdings.workspace.writable, mailbox: mailbox))
    }

    private func release(_ prepared: PreparedAttempt) {
        prepared.discard()
        preparer.release(prepared.holdings, WorkspaceOutcome.cancelled)
    }

    /// The attempt ended before it began.
    private func end(
        _ order: AttemptOrder, _ outcome: AttemptOutcome, _ error: String, _ failure: AttemptFailure? = nil
    ) {
        var report = self.report(
            of: order, .finished, TaskProgress(), outcome, AttemptResult(error: error, duration: 0))
        report.failure = failure
        sink.report(report, of: order)
        ended.append(order.ref)
    }
}
