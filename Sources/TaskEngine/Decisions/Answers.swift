internal import TaskModel

/// What follows for an attempt from the answer to its question, and what it says of the act.
extension PartitionEngine {
    /// After an approval: the attempt that waits goes on; if there is none any more, another one starts.
    mutating func goOn(_ id: TaskID, _ approved: Confirmation, now: Timestamp) {
        guard let state = tasks.snapshot(of: id)?.state, state.isAttemptAlive, let asker = approved.asker else {
            schedule(id, now: now)
            return
        }
        wake(id)
        // The next attempt finds the grant.
        guard tasks[id]?.isLeaving != true else { return }
        give(approved.id, asker.question, of: id)
    }

    /// Answers with a grant whose use stands in the snapshot that was just published. Where the broker does not refuse
    /// former owners, only its echo shows that it counts.
    mutating func give(_ confirmation: String, _ question: Int, of id: TaskID) {
        let answer = TaskState.Answer(question: question, answer: .granted(confirmationID: confirmation))
        if configuration.startsAfterEcho {
            tasks.update(id) { $0.pendingAnswers.append(answer) }
        } else {
            tell(id, answer)
        }
    }

    /// The attempt did not get its answer, or asks again for good measure.
    mutating func repeatAnswer(_ answer: TaskState.Answer, _ id: TaskID, _ fingerprint: String) {
        guard let entry = tasks[id], !entry.pendingAnswers.contains(answer) else { return }
        // Under the number of another question, which no sound runner gives out twice, nothing is granted.
        if case .granted(let confirmation) = answer.answer,
            entry.snapshot.state.confirmations.last(where: { $0.id == confirmation })?.fingerprint != fingerprint
        {
            return
        }
        tell(id, answer)
    }

    /// Tells the attempt if this instance runs it.
    mutating func tell(_ id: TaskID, _ answer: TaskState.Answer) {
        guard let snapshot = tasks.snapshot(of: id), snapshot.isRun(by: configuration) else { return }
        effects.append(
            .answer(
                AttemptRef(taskID: id, attempt: snapshot.state.attempt), question: answer.question, answer.answer))
    }

    /// The answer was no: the attempt learns it, and is stopped.
    mutating func stopRefused(_ id: TaskID) {
        wake(id)
        guard let snapshot = tasks.snapshot(of: id) else { return }
        if snapshot.state.refusal != nil, let refused = snapshot.state.answers.last { tell(id, refused) }
        stopHere(snapshot, .cancelled)
    }

    /// An attempt ended that had a question open, or was being stopped after a no.
    ///
    /// - Returns: `false` when it goes on as after any other end.
    mutating func finishWaiting(
        _ id: TaskID, _ outcome: AttemptOutcome, _ result: AttemptResult, now: Timestamp
    ) -> Bool {
        guard let state = tasks.snapshot(of: id)?.state else { return true }
        if let refusal = state.refusal {
            if outcome == .lost { effects.append(.note(.lost(AttemptRef(taskID: id, attempt: state.attempt)))) }
            end(id, refusal.fallback == .fail ? .failed : .cancelled, now: now) {
                Self.record(outcome, result, in: &$0, now: now)
                if refusal.fallback == .fail { $0.result.error = "\(refusal.gate): \($0.reason ?? "refused")" }
            }
            return true
        }
        switch outcome {
        case .lost where state.lostAttempts >= configuration.maxLostAttempts: return false
        case .lost, .interrupted:
            keepAsking(id, outcome, result, now: now)
            return true
        case .completed, .failed, .timedOut, .cancelled:
            transition(id, now: now) { Self.withdrawQuestion(&$0, of: id) }
            return false
        }
    }

    /// The attempt is gone, its question is not: once it is approved, another attempt finds the grant.
    private mutating func keepAsking(
        _ id: TaskID, _ outcome: AttemptOutcome, _ result: AttemptResult, now: Timestamp
    ) {
        if outcome == .lost, let attempt = tasks.snapshot(of: id)?.state.attempt {
            effects.append(.note(.lost(AttemptRef(taskID: id, attempt: attempt))))
        }
        dropAttempt(id)
        transition(id, now: now) {
            Self.record(outcome, result, in: &$0, now: now)
            if outcome == .lost { $0.lostAttempts += 1 }
            $0.progress = TaskProgress()
            $0.nextAttemptAt = now
        }
        releaseKey(of: id)
        if tasks.snapshot(of: id)?.state.isApprovedAndWaits == true { schedule(id, now: now) } else { wake(id) }
    }

    /// The question of an attempt is void; the attempt is as it was before it asked. So is one that was approved while the
    /// attempt was being parked: what waits and has no question would start again once its attempt has ended.
    static func withdrawQuestion(_ state: inout TaskState, of id: TaskID) {
        withdraw(&state, of: id)
        state.status = .running
    }

    /// An open question comes to nothing.
    static func withdraw(_ state: inout TaskState, of id: TaskID) {
        guard var confirmation = state.confirmation else { return }
        confirmation.status = .withdrawn
        AuditChain.append(confirmation, to: &state.confirmations, of: id)
        state.confirmation = nil
    }

    /// What became of an approved act. It is true of its attempt also when that is no longer the current one.
    mutating func takeAct(_ report: RunnerReport, now: Timestamp) {
        let id = report.ref.taskID
        guard let act = report.act, let state = tasks.snapshot(of: id)?.state,
            let index = state.confirmations.firstIndex(where: { $0.id == act.confirmationID }),
            let use = state.confirmations[index].use, use.by.attempt == report.ref.attempt,
            state.attempts.last(where: { $0.attempt == report.ref.attempt }).map({ $0.runner == report.runner }) ?? true
        else {
            effects.append(.note(.staleReport(report.ref)))
            return
        }
        guard use.act == nil else { return }
        transition(id, now: now) {
            $0.confirmations[index].use?.act = Confirmation.Act(
                exitCode: act.exitCode, summary: act.summary, at: report.at)
        }
    }
}
