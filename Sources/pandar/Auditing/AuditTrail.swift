internal import TaskModel

/// What the topics tell of one task's confirmations, put together and compared. Without I/O.
struct AuditTrail {
    let task: TaskID
    /// The history that stands in the latest snapshot.
    private(set) var history: [Confirmation] = []
    private var order: RecordOrder?
    private var requester: String?
    /// Entries as other records tell them: earlier snapshots and notifications, by their hash.
    private var told: [String: Witness] = [:]

    private struct Witness {
        let entry: Confirmation
        /// The kind of record, for people.
        let source: String
    }

    init(_ task: TaskID) {
        self.task = task
    }

    /// A snapshot of the task, in any order.
    mutating func take(_ snapshot: TaskSnapshot) {
        for entry in snapshot.state.confirmations { note(entry, "a snapshot (version \(snapshot.state.version))") }
        guard order.map({ $0 < snapshot.order }) ?? true else { return }
        order = snapshot.order
        history = snapshot.state.confirmations
        requester = snapshot.spec.requester
    }

    /// The entry that a notification of a decision carried.
    mutating func take(_ entry: Confirmation, notification id: String) {
        note(entry, "the notification \(id)")
    }

    private mutating func note(_ entry: Confirmation, _ source: String) {
        if told[entry.hash] == nil { told[entry.hash] = Witness(entry: entry, source: source) }
    }

    /// What does not fit, one sentence each; empty when all of it does.
    var findings: [String] {
        var findings: [String] = []
        if let index = AuditChain.firstBreak(in: history, of: task) {
            findings.append(
                "entry \(index + 1) (\(history[index].id)) does not carry the hash of what should stand before it")
        }
        let hashes = Set(history.map(\.hash))
        for (hash, witness) in told.sorted(by: { $0.value.entry.requestedAt < $1.value.entry.requestedAt })
        where !hashes.contains(hash) {
            findings.append(
                "\(witness.source) tells of \(witness.entry.id) (\(witness.entry.status.rawValue)) otherwise than the "
                    + "history does")
        }
        return findings + history.flatMap(wrong)
    }

    /// Rules that hold for every entry by itself.
    private func wrong(_ entry: Confirmation) -> [String] {
        var findings: [String] = []
        if Confirmation.fingerprint(gate: entry.gate, action: entry.action) != entry.fingerprint {
            findings.append("\(entry.id) does not have the fingerprint of its act")
        }
        if entry.use != nil, entry.status != .approved {
            findings.append("\(entry.id) was used, but is \(entry.status.rawValue)")
        }
        guard entry.status == .approved else { return findings }
        let approvers = Set(entry.decisions.filter { $0.verdict == .approve }.map(\.actor))
        if approvers.count < entry.requiredApprovals {
            findings.append(
                "\(entry.id) counts as approved by \(approvers.count) of \(entry.requiredApprovals) that are needed")
        }
        if !entry.allowsRequester, let requester, approvers.contains(requester) {
            findings.append("\(entry.id) was approved by \(requester), who asked for the task")
        }
        if entry.decisions.contains(where: { $0.decidedAt >= entry.expiresAt }) {
            findings.append("\(entry.id) was decided after its time")
        }
        return findings
    }
}
