internal import TaskModel

/// Checks every accepted snapshot against the one before it.
struct TaskHistories {
    private var notifications: Set<String> = []
    /// Tasks whose latest round was approved.
    private var approved: Set<TaskID> = []
    /// Who said yes to which confirmation, as far as records were sent that say so.
    private var saidYes: [String: Set<String>] = [:]
    /// Who sent a `confirm` for a task: it names no confirmation, so it counts for any.
    private var confirmed: [TaskID: Set<String>] = [:]
    private(set) var acceptedVersions = 0

    mutating func notified(_ id: String) {
        notifications.insert(id)
    }

    /// An actor sends an approval.
    mutating func sent(approvalOf confirmation: String, by actor: String) {
        saidYes[confirmation, default: []].insert(actor)
    }

    mutating func sent(confirmOf task: TaskID, by actor: String) {
        confirmed[task, default: []].insert(actor)
    }

    mutating func take(_ snapshot: TaskSnapshot, after old: TaskSnapshot?, checks: Checks) {
        acceptedVersions += 1
        checkVersion(snapshot, old, checks)
        checkApproval(snapshot, old, checks)
        checkNotification(snapshot, old, checks)
        checkRepetition(snapshot, old, checks)
        checkUses(snapshot, old, checks)
    }

    private func checkVersion(_ snapshot: TaskSnapshot, _ old: TaskSnapshot?, _ checks: Checks) {
        let version = snapshot.state.version
        guard let old else {
            if version != 1 { checks.fail(.consecutiveVersions, "\(snapshot.id) begins with version \(version)") }
            return
        }
        if version == old.state.version, snapshot.state.epoch > old.state.epoch {
            // Written again after a former owner's late record: the same but for the epoch.
            var same = snapshot
            same.state.epoch = old.state.epoch
            guard same != old else { return }
        }
        guard version == old.state.version + 1 else {
            checks.fail(
                .consecutiveVersions,
                "\(snapshot.id) goes from version \(old.state.version) (epoch \(old.state.epoch)) to \(version) "
                    + "(epoch \(snapshot.state.epoch))")
            return
        }
        if !old.state.status.canBecome(snapshot.state.status) {
            checks.fail(
                .legalTransitions,
                "\(snapshot.id) goes from \(old.state.status.rawValue) to \(snapshot.state.status.rawValue)")
        }
    }

    private mutating func checkApproval(_ snapshot: TaskSnapshot, _ old: TaskSnapshot?, _ checks: Checks) {
        let id = snapshot.id
        if old?.state.status.isTerminal ?? true, !snapshot.state.status.isTerminal { approved.remove(id) }
        let past = Set(old?.state.confirmations.filter { $0.status == .approved }.map(\.id) ?? [])
        for confirmation in snapshot.state.confirmations
        where confirmation.status == .approved && !past.contains(confirmation.id) {
            let actors = Set(confirmation.decisions.filter { $0.verdict == .approve }.map(\.actor))
            let isAllowed =
                actors.count >= confirmation.requiredApprovals
                && actors.isSubset(of: (saidYes[confirmation.id] ?? []).union(confirmed[id] ?? []))
                && !actors.contains(snapshot.spec.requester ?? "")
            if !isAllowed { checks.fail(.approvedStart, "\(confirmation.id) was approved by \(actors.sorted())") }
            approved.insert(id)
        }
        guard snapshot.spec.approvalPolicy == .manual else { return }
        if snapshot.state.status == .running, old?.state.status != .running, !approved.contains(id) {
            checks.fail(.approvedStart, "\(id) starts without an approval")
        }
    }

    private func checkNotification(_ snapshot: TaskSnapshot, _ old: TaskSnapshot?, _ checks: Checks) {
        guard old?.state.version != snapshot.state.version, old?.state.status != snapshot.state.status else { return }
        let kind: Notification.Kind? =
            switch snapshot.state.status {
            case .waitingConfirmation: .confirmationRequired
            case .completed: .taskCompleted
            case .failed: .taskFailed
            case .pending, .running, .cancelled: nil
            }
        guard let kind else { return }
        let id = "\(snapshot.id)/\(snapshot.state.version)/\(kind.rawValue)"
        if !notifications.contains(id) {
            checks.fail(.notifications, "the snapshot is in the log, but its notification \(id) is not")
        }
    }

    /// A use is written once and stays; after a no nothing comes but the end.
    private func checkUses(_ snapshot: TaskSnapshot, _ old: TaskSnapshot?, _ checks: Checks) {
        guard let old else { return }
        for (before, after) in zip(old.state.confirmations, snapshot.state.confirmations) {
            if let use = before.use, use.by != after.use?.by || use.at != after.use?.at {
                checks.fail(.grants, "\(after.id) was used by attempt \(use.by.attempt) and is used again")
            }
            if let act = before.use?.act, act != after.use?.act { checks.fail(.grants, "\(after.id) loses its act") }
        }
        if old.state.refusal != nil, snapshot.state.refusal == nil, !snapshot.state.status.isTerminal {
            checks.fail(.refusal, "\(snapshot.id) was refused and is \(snapshot.state.status.rawValue)")
        }
        if old.state.refusal != nil, snapshot.state.status == .completed {
            checks.fail(.refusal, "\(snapshot.id) was refused and is completed")
        }
    }

    /// An owner that ran the attempt itself, in the same life, knows how it ended.
    private func checkRepetition(_ snapshot: TaskSnapshot, _ old: TaskSnapshot?, _ checks: Checks) {
        guard let old, let lease = old.state.lease, snapshot.state.lease == nil,
            let outcome = snapshot.state.attempts.last?.outcome, [.lost, .interrupted].contains(outcome)
        else { return }
        let ref = AttemptRef(taskID: snapshot.id, attempt: lease.attempt)
        if checks.isOwner(lease.runner, lease.incarnation, ofTask: snapshot.id),
            checks.hasFinished(ref, lease.runner, lease.incarnation)
        {
            checks.fail(
                .noRepetition, "\(ref) ran to its end on its owner \(lease.runner), but counts as \(outcome.rawValue)")
        }
    }
}
