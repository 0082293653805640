internal import CommandPolicy
internal import TaskModel

/// `start`, `cancel`, `confirm`, `retry`.
extension PartitionEngine {
    mutating func apply(_ action: TaskAction, from record: InboundRecord, now: Timestamp) {
        guard !isRepeated(action.taskID, record), let state = tasks.snapshot(of: action.taskID)?.state else { return }
        switch (action.verb, state.status) {
        case (.start, .pending): start(action, record, now: now)
        // Approved before its time: only the schedule holds it back.
        case (.start, .waitingConfirmation) where state.isApprovedAndWaits: start(action, record, now: now)
        case (.start, .failed), (.retry, .failed), (.retry, .cancelled): revive(action, record, now: now)
        case (.cancel, .pending), (.cancel, .waitingConfirmation), (.cancel, .running):
            cancel(action, record, now: now)
        case (.confirm, .waitingConfirmation): confirm(action, record, state, now: now)
        default:
            refuse(
                record, "The action \(action.verb.rawValue) does not apply to a task that is \(state.status.rawValue).")
        }
    }

    mutating func refuse(_ record: InboundRecord, _ message: String) {
        effects.append(.deadLetter(record, ContractViolation(.actionRefused, message)))
    }

    private mutating func start(_ action: TaskAction, _ record: InboundRecord, now: Timestamp) {
        guard let entry = tasks[action.taskID], entry.snapshot.readyAt > now else {
            refuse(record, "The task is already waiting for a free slot.")
            return
        }
        transition(action.taskID, now: now) {
            $0.nextAttemptAt = now
            $0.reason = action.reason
            Self.remember(record, in: &$0)
        }
        schedule(action.taskID, now: now)
    }

    private mutating func revive(_ action: TaskAction, _ record: InboundRecord, now: Timestamp) {
        let id = action.taskID
        let verdict = verdict(on: id)
        guard verdict?.kind != .block else {
            refuse(record, "The command policy blocks the command by now: \(verdict?.sentence ?? "")")
            return
        }
        let needsApproval = tasks[id].map { self.needsApproval($0.snapshot.spec, verdict) } ?? false
        transition(id, now: now) {
            $0.status = .pending
            $0.needsApproval = needsApproval
            $0.result = AttemptResult()
            $0.progress = TaskProgress()
            $0.startedAt = nil
            $0.completedAt = nil
            $0.retriesUsed = 0
            $0.lostAttempts = 0
            $0.transientFailures = 0
            $0.session = nil
            $0.plan = []
            $0.recoveredBy = nil
            $0.isCancelRequested = false
            $0.nextAttemptAt = now
            $0.reason = action.reason
            Self.remember(record, in: &$0)
        }
        if needsApproval {
            ask(id, now: now)
        } else {
            schedule(id, now: now)
        }
    }

    private mutating func cancel(_ action: TaskAction, _ record: InboundRecord, now: Timestamp) {
        guard let entry = tasks[action.taskID] else { return }
        if entry.snapshot.state.isAttemptAlive, entry.pendingStart == nil {
            guard !entry.snapshot.state.isCancelRequested else {
                refuse(record, "The task is already being cancelled.")
                return
            }
            transition(action.taskID, now: now) {
                Self.withdrawQuestion(&$0, of: action.taskID)
                $0.isCancelRequested = true
                $0.reason = action.reason
                Self.remember(record, in: &$0)
            }
            wake(action.taskID)
            stopHere(entry.snapshot, .cancelled)
        } else {
            end(action.taskID, .cancelled, now: now) {
                // Announced, but not begun: its entry in the history still needs an end.
                if $0.status == .running { Self.record(.cancelled, AttemptResult(), in: &$0, now: now) }
                $0.reason = action.reason
                Self.remember(record, in: &$0)
            }
        }
    }

    /// Stops the attempt if this instance runs it. A runner elsewhere sees `cancel_requested` in the tail.
    func stopEffect(_ snapshot: TaskSnapshot, _ reason: StopReason) -> Effect? {
        guard let lease = snapshot.state.lease, lease.runner == configuration.runner,
            lease.incarnation == configuration.incarnation
        else { return nil }
        return .stop(AttemptRef(taskID: snapshot.id, attempt: lease.attempt), reason)
    }

    mutating func stopHere(_ snapshot: TaskSnapshot, _ reason: StopReason) {
        if let effect = stopEffect(snapshot, reason) { effects.append(effect) }
    }

    private mutating func confirm(_ action: TaskAction, _ record: InboundRecord, _ state: TaskState, now: Timestamp) {
        guard let confirmation = state.confirmation else {
            refuse(
                record,
                state.isCancelRequested
                    ? "The question was answered with no; the task ends."
                    : "The task has been approved already and waits for a free slot.")
            return
        }
        guard let actor = action.actor else {
            refuse(record, "An approval needs an actor; name who confirms.")
            return
        }
        decide(
            ConfirmationDecision(
                confirmationID: confirmation.id, taskID: action.taskID, verdict: .approve, actor: actor,
                reason: action.reason),
            confirmation, from: record, now: now)
    }
}

extension TaskSnapshot {
    /// The earliest moment at which the task may start: what was set since (a retry, an early start) goes before the
    /// schedule.
    var readyAt: Timestamp {
        state.nextAttemptAt ?? spec.scheduledAt ?? state.createdAt
    }
}
