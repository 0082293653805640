internal import TaskModel

/// Decisions that come before their question: whoever replays a log, or knows what a task will ask, may be ahead of it.
extension PartitionEngine {
    /// Keeps a decision on a question that can still come.
    ///
    /// - Parameter distance: 1 for the next question.
    mutating func keep(_ decision: ConfirmationDecision, _ distance: Int, from record: InboundRecord, now: Timestamp) {
        guard let state = tasks.snapshot(of: decision.taskID)?.state else { return }
        if let refusal = Self.refusal(toKeep: decision, distance, state) {
            effects.append(.deadLetter(record, refusal))
            return
        }
        guard let early = EarlyDecision(decision, from: record) else { return }
        transition(decision.taskID, now: now) {
            $0.earlyDecisions.append(early)
            Self.remember(record, in: &$0)
        }
    }

    private static func refusal(
        toKeep decision: ConfirmationDecision, _ distance: Int, _ state: TaskState
    ) -> ContractViolation? {
        guard !state.status.isTerminal, distance <= EarlyDecision.farthest else {
            return ContractViolation(
                .unknownConfirmation, field: "confirmation_id",
                "The task has no confirmation of that id; take the id from its confirmation_required notification.")
        }
        // Nobody can have been shown what is not asked yet: without the act's fingerprint it would be a yes to anything.
        guard decision.verdict == .reject || decision.fingerprint != nil else {
            return ContractViolation(
                .decisionRefused, field: "fingerprint",
                "The question has not been asked yet; an approval ahead of it must carry the fingerprint of the act.")
        }
        guard state.earlyDecisions.count < EarlyDecision.limit else {
            return ContractViolation(
                .decisionRefused,
                "The task keeps \(EarlyDecision.limit) decisions ahead of their questions already; decide again when it "
                    + "asks.")
        }
        return nil
    }

    /// Applies those that were waiting for the question that was just asked, in their order, by all of its rules.
    mutating func heedEarlyDecisions(_ id: TaskID, now: Timestamp) {
        guard let state = tasks.snapshot(of: id)?.state, let asked = state.confirmation,
            state.earlyDecisions.contains(where: { $0.decision.confirmationID == asked.id })
        else { return }
        transition(id, now: now) { $0.earlyDecisions.removeAll { $0.decision.confirmationID == asked.id } }
        for early in state.earlyDecisions where early.decision.confirmationID == asked.id {
            // The question may be answered by now, or have had another approval.
            if let open = tasks.snapshot(of: id)?.state.confirmation, open.id == asked.id {
                decide(early.decision, open, from: early.record(at: now), isKept: true, now: now)
            } else {
                refuse(early, "The confirmation was decided already; the decision came too late.", now: now)
            }
        }
    }

    /// The task ended before it asked.
    mutating func refuseUnasked(_ early: EarlyDecision, now: Timestamp) {
        refuse(early, "The task ended without asking a question of that id.", now: now)
    }

    private mutating func refuse(_ early: EarlyDecision, _ why: String, now: Timestamp) {
        effects.append(
            .deadLetter(
                early.record(at: now), ContractViolation(.decisionRefused, field: "confirmation_id", why)))
    }
}
