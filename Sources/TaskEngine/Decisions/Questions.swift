internal import Gates
internal import TaskModel

/// Gates that an attempt hits while it runs. The attempt waits and repeats its question; it is answered once for good, and
/// told so as often as it asks.
extension PartitionEngine {
    /// Bytes of an act as JSON. It stands in every snapshot of the task from then on.
    static let actLimit = 65_536

    mutating func take(_ question: AttemptQuestion?, of ref: AttemptRef, now: Timestamp) {
        guard let question, let entry = tasks[ref.taskID], !entry.isLeaving else { return }
        let snapshot = entry.snapshot
        let state = snapshot.state
        let asker = Confirmation.Asker(attempt: ref.attempt, question: question.number)
        let action = Self.action(question)
        let fingerprint = Confirmation.fingerprint(gate: question.gate, action: action)
        if let answer = state.answers.first(where: { $0.question == question.number }) {
            repeatAnswer(answer, ref.taskID, fingerprint)
        } else if state.isCancelRequested || state.confirmation.isAbout(asker, otherThan: fingerprint) {
            return
        } else if !asks(snapshot.spec, at: question.gate) {
            effects.append(.note(.gateHit(ref.taskID, gate: question.gate, rule: question.rule)))
            tell(ref.taskID, .init(question: question.number, answer: .granted(confirmationID: QuestionAnswer.ungated)))
        } else if let reason = unanswerable(question, action) {
            effects.append(.note(.unanswerable(ref, gate: question.gate, reason: reason)))
            tell(ref.taskID, .init(question: question.number, answer: .refused(reason: reason)))
        } else if let grant = grant(state, question.gate, fingerprint) {
            transition(ref.taskID, now: now) { Self.use(grant.id, by: asker, in: &$0, now: now) }
            give(grant.id, question.number, of: ref.taskID)
        } else if let waiting = state.confirmation {
            adopt(asker, waiting, fingerprint, ref.taskID, now: now)
        } else {
            ask(question, asker, action, fingerprint, ref.taskID, now: now)
        }
    }

    /// The name of a gate is the task's own matter, as before a start.
    private func asks(_ spec: TaskSpec, at gate: String) -> Bool {
        guard spec.approvalPolicy == .autoWithGates else { return false }
        // A request that cannot be read again lets nothing through.
        guard let request = try? spec.request() else { return true }
        return request.metadata.gates.contains(gate)
    }

    private func unanswerable(_ question: AttemptQuestion, _ action: JSONValue) -> String? {
        if configuration.gates[question.gate] == nil { return "There is no gate \(question.gate) any more." }
        let size = JSONWriter.bytes(of: action).count
        guard size > Self.actLimit else { return nil }
        return "The act is too large to be shown to anybody: \(size) bytes, \(Self.actLimit) are the most."
    }

    /// An approval of this very act that nobody has used. One from before a human had the task start anew is void, and what
    /// was agreed to before a start was about the command, not about what it does.
    private func grant(_ state: TaskState, _ gate: String, _ fingerprint: String) -> Confirmation? {
        state.confirmations.first {
            $0.status == .approved && $0.asker != nil && $0.gate == gate && $0.fingerprint == fingerprint
                && ($0.use == nil || !configuration.rules.contains(.grantUse))
                && $0.requestedAt >= state.startedAt ?? state.createdAt
        }
    }

    /// The one use of an approval. An attempt that has no other question open goes on with it.
    static func use(_ id: String, by asker: Confirmation.Asker, in state: inout TaskState, now: Timestamp) {
        guard let index = state.confirmations.firstIndex(where: { $0.id == id }) else { return }
        state.confirmations[index].use = Confirmation.Use(by: asker, at: now)
        if state.confirmation == nil, state.isAttemptAlive { state.status = .running }
    }

    private mutating func ask(
        _ question: AttemptQuestion, _ asker: Confirmation.Asker, _ action: JSONValue, _ fingerprint: String,
        _ id: TaskID, now: Timestamp
    ) {
        guard let state = tasks.snapshot(of: id)?.state else { return }
        var confirmation = definition(of: question.gate).confirmation(
            id: ConfirmationID.next(state, of: id), action: action, now: now)
        confirmation.asker = asker
        confirmation.warning = Self.warning(state, question.gate, fingerprint)
        let asked = confirmation
        transition(id, now: now) {
            $0.status = .waitingConfirmation
            $0.confirmation = asked
        }
        notify(
            .confirmationRequired, id, title: "Approval needed",
            content: "Attempt \(asker.attempt) asks before it goes on: \(question.gate) (\(question.rule): "
                + "\(question.reason))" + (asked.warning.map { " \($0)" } ?? ""),
            confirmation: asked, now: now)
        wake(id)
        heedEarlyDecisions(id, now: now)
    }

    /// The same act once more while it is asked about: whoever asked first may have gone. The answer goes to the latest.
    private mutating func adopt(
        _ asker: Confirmation.Asker, _ waiting: Confirmation, _ fingerprint: String, _ id: TaskID, now: Timestamp
    ) {
        guard waiting.fingerprint == fingerprint, let known = waiting.asker, known.attempt == asker.attempt,
            known.question < asker.question
        else { return }
        transition(id, now: now) { $0.confirmation?.asker = asker }
    }

    private static func warning(_ state: TaskState, _ gate: String, _ fingerprint: String) -> String? {
        let unknown = state.confirmations.filter {
            $0.gate == gate && $0.fingerprint == fingerprint && $0.use != nil && $0.use?.act == nil
        }
        guard let last = unknown.last, let use = last.use else { return nil }
        return "Approved before (\(last.id)) and used in attempt \(use.by.attempt) at \(use.at); what became of it is "
            + "not known: it may have been done already."
    }

    /// What an approver is shown: the act, and why it is asked about.
    static func action(_ question: AttemptQuestion) -> JSONValue {
        var members = question.action.members
        for (name, text) in [("rule", question.rule), ("reason", question.reason)]
        where !members.contains(where: { $0.name == name }) {
            members.append(.init(name: name, value: .string(text)))
        }
        return .object(JSONObject(members))
    }
}

extension Confirmation? {
    /// Whether the very question stands for another act, which no sound runner does.
    fileprivate func isAbout(_ asker: Confirmation.Asker, otherThan fingerprint: String) -> Bool {
        map { $0.asker == asker && $0.fingerprint != fingerprint } ?? false
    }
}
