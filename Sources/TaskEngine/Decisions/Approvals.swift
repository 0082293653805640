internal import CommandPolicy
internal import Gates
internal import TaskModel

/// Questions to humans, and their answers.
extension PartitionEngine {
    /// The gate of the policy `manual`.
    static let manualGate = "manual"

    /// Asks before a start: one question, whether the task's policy asks or the command policy or both; and one for each
    /// gate that the command hits.
    mutating func ask(_ id: TaskID, now: Timestamp) {
        guard let snapshot = tasks.snapshot(of: id) else { return }
        let command = snapshot.spec.command
        let verdict = verdict(on: id)
        let hit = hitToAsk(snapshot, verdict)
        let gate = hit?.gate ?? (snapshot.spec.approvalPolicy == .manual ? Self.manualGate : Self.policyGate)
        let action = hit.map { Self.action(snapshot.spec, $0) } ?? Self.action(snapshot.spec, command, verdict)
        let confirmation = definition(of: gate).confirmation(
            id: ConfirmationID.next(snapshot.state, of: id), action: action, now: now)
        transition(id, now: now) {
            $0.status = .waitingConfirmation
            $0.needsApproval = true
            $0.confirmation = confirmation
        }
        let why =
            hit.map { " (\($0.rule): \($0.reason))" }
            ?? verdict.map { $0.kind == .gate ? " (\($0.sentence))" : "" } ?? ""
        notify(
            .confirmationRequired, id, title: "Approval needed",
            content: "The task asks before it starts: \(command)\(why)", confirmation: confirmation, now: now)
        wake(id)
        heedEarlyDecisions(id, now: now)
    }

    /// The rules of a gate; for the service's own questions those of the configuration.
    func definition(of gate: String) -> GateDefinition {
        configuration.gates[gate]
            ?? GateDefinition(
                gate, description: "", allowsRequester: configuration.allowsRequesterApproval,
                decisionSeconds: configuration.confirmationSeconds, triggers: [])
    }

    mutating func apply(_ decision: ConfirmationDecision, from record: InboundRecord, now: Timestamp) {
        guard !isRepeated(decision.taskID, record), let state = tasks.snapshot(of: decision.taskID)?.state else {
            return
        }
        guard let confirmation = state.confirmation, confirmation.id == decision.confirmationID else {
            if let distance = ConfirmationID.distance(decision.confirmationID, state, of: decision.taskID) {
                keep(decision, distance, from: record, now: now)
                return
            }
            let past = state.confirmations.last { $0.id == decision.confirmationID }
            let violation =
                past.map {
                    ContractViolation(
                        .decisionRefused, field: "confirmation_id",
                        "The confirmation is already \($0.status.rawValue); the decision came too late.")
                }
                ?? ContractViolation(
                    .unknownConfirmation, field: "confirmation_id",
                    "The task has no confirmation of that id; take the id from its confirmation_required notification.")
            effects.append(.deadLetter(record, violation))
            return
        }
        decide(decision, confirmation, from: record, now: now)
    }

    /// Applies a decision to the confirmation that it names, by the rules of the gate.
    ///
    /// - Parameter isKept: it came before its question, and was remembered when it came.
    mutating func decide(
        _ decision: ConfirmationDecision, _ confirmation: Confirmation, from record: InboundRecord,
        isKept: Bool = false, now: Timestamp
    ) {
        let taken = isKept ? nil : record
        if let refusal = refusal(of: decision, confirmation, record.authority, now: now) {
            effects.append(.deadLetter(record, ContractViolation(.decisionRefused, refusal)))
            if now >= confirmation.expiresAt { expire(decision.taskID, now: now) }
            return
        }
        var decided = confirmation
        decided.decisions.append(
            .init(
                verdict: decision.verdict, actor: decision.actor, reason: decision.reason, decidedAt: now,
                authority: DecisionAuthority(record.authority)))
        if decision.verdict == .reject {
            decided.status = .rejected
            settle(decision.taskID, decided, decision.reason ?? "rejected by \(decision.actor)", taken, now: now)
            announce(.confirmationDecided, decision.taskID, "rejected by \(decision.actor)", now: now)
        } else if decided.decisions.count >= decided.requiredApprovals {
            decided.status = .approved
            let approved = decided
            // An attempt that is being stopped or has ended must not be told: it could not do it any more, and nobody
            // would know.
            let isLeaving = tasks[decision.taskID]?.isLeaving ?? false
            transition(decision.taskID, now: now) {
                $0.needsApproval = false
                $0.confirmation = nil
                AuditChain.append(approved, to: &$0.confirmations, of: decision.taskID)
                if $0.isAttemptAlive, !isLeaving, let asker = approved.asker {
                    Self.use(approved.id, by: asker, in: &$0, now: now)
                }
                if let taken { Self.remember(taken, in: &$0) }
            }
            announce(.confirmationDecided, decision.taskID, "approved by \(Self.names(approved))", now: now)
            goOn(decision.taskID, approved, now: now)
        } else {
            let counted = decided
            transition(decision.taskID, now: now) {
                $0.confirmation = counted
                if let taken { Self.remember(taken, in: &$0) }
            }
        }
    }

    private func refusal(
        of decision: ConfirmationDecision, _ confirmation: Confirmation, _ authority: Authority, now: Timestamp
    ) -> String? {
        let requester = tasks.snapshot(of: decision.taskID)?.spec.requester
        if now >= confirmation.expiresAt { return "The confirmation has expired." }
        if let fingerprint = decision.fingerprint, fingerprint != confirmation.fingerprint {
            return "The decision is about another act than the confirmation asks about: their fingerprints differ."
        }
        // Who approved may still reject: one reject rejects.
        if decision.verdict == .approve, confirmation.decisions.contains(where: { $0.actor == decision.actor }) {
            return "\(decision.actor) has decided already; further approvals must come from others."
        }
        if decision.verdict == .approve, !confirmation.allowsRequester, requester == decision.actor {
            return "\(decision.actor) asked for the task and cannot approve it."
        }
        return refusal(of: decision.actor, authority, confirmation.approvers)
    }

    /// Whoever may not approve may not reject either: it would end what others could allow.
    private func refusal(of actor: String, _ authority: Authority, _ approvers: Confirmation.Approvers) -> String? {
        guard !approvers.isAnybody, !approvers.users.contains(actor) else { return nil }
        // A role counts only where a token proves it.
        if let roles = authority.principal?.roles, !roles.isDisjoint(with: approvers.roles) { return nil }
        return "\(actor) is not among those who may decide this: "
            + (approvers.users + approvers.roles.map { "role \($0)" }).joined(separator: ", ") + "."
    }

    /// Ends the task as its gate says, after a rejection or an expiry. Where an attempt waits for the answer, it is stopped
    /// first: until it has ended it keeps the task's key, and nothing else may run in its place.
    private mutating func settle(
        _ id: TaskID, _ confirmation: Confirmation, _ reason: String, _ record: InboundRecord?, now: Timestamp
    ) {
        if tasks.snapshot(of: id)?.state.isAttemptAlive == true {
            transition(id, now: now) {
                $0.confirmation = nil
                AuditChain.append(confirmation, to: &$0.confirmations, of: id)
                $0.reason = reason
                $0.isCancelRequested = true
                if let record { Self.remember(record, in: &$0) }
            }
            stopRefused(id)
            return
        }
        let fallback = confirmation.fallback
        end(id, fallback == .fail ? .failed : .cancelled, now: now) {
            $0.confirmation = nil
            AuditChain.append(confirmation, to: &$0.confirmations, of: id)
            $0.reason = reason
            if fallback == .fail { $0.result.error = "\(confirmation.gate): \(reason)" }
            if let record { Self.remember(record, in: &$0) }
        }
    }

    /// Time is up: the answer is no.
    mutating func expire(_ id: TaskID, now: Timestamp) {
        guard var confirmation = tasks.snapshot(of: id)?.state.confirmation, now >= confirmation.expiresAt else {
            return
        }
        confirmation.status = .expired
        settle(id, confirmation, "nobody decided until \(confirmation.expiresAt)", nil, now: now)
        announce(.confirmationExpired, id, "expired: nobody decided until \(confirmation.expiresAt)", now: now)
    }

    /// Tells how the last question ended. The notification carries its entry of the history, as a witness of it.
    private mutating func announce(_ kind: Notification.Kind, _ id: TaskID, _ outcome: String, now: Timestamp) {
        guard let entry = tasks.snapshot(of: id)?.state.confirmations.last else { return }
        notify(
            kind, id, title: kind == .confirmationExpired ? "Approval expired" : "Approval decided",
            content: "\(entry.gate): \(outcome)", confirmation: entry, now: now)
    }

    private static func names(_ confirmation: Confirmation) -> String {
        confirmation.decisions.filter { $0.verdict == .approve }.map(\.actor).joined(separator: ", ")
    }
}
