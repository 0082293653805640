internal import TaskModel

/// What was sent, and what became of it.
struct InputLedger {
    enum Sent {
        case request(TaskID?)
        /// An action or a decision. `isKnown`: its task stood in the log when it was sent.
        case command(TaskID, isKnown: Bool)
        case malformed
    }

    private var sent: [RecordOrigin: Sent] = [:]
    private var deadLetters: [RecordOrigin: [ContractViolation.Reason]] = [:]
    private var applications: [RecordOrigin: Int] = [:]
    /// Decisions that were kept until their question came: what became of them then may be a dead letter.
    private var kept: Set<RecordOrigin> = []

    var sentCount: Int { sent.count }
    var deadLetterCount: Int { deadLetters.count }

    mutating func sent(_ input: Sent, as origin: RecordOrigin) {
        sent[origin] = input
    }

    mutating func deadLettered(_ origin: RecordOrigin, _ reason: ContractViolation.Reason) {
        deadLetters[origin, default: []].append(reason)
    }

    /// Notes the inputs that an accepted snapshot says it took in.
    mutating func applied(_ snapshot: TaskSnapshot, after old: TaskSnapshot?, checks: Checks) {
        let known = Set(old?.state.appliedInputs ?? [])
        for text in snapshot.state.appliedInputs {
            guard !known.contains(text), let origin = RecordOrigin(text) else { continue }
            applications[origin, default: 0] += 1
        }
        kept.formUnion(snapshot.state.earlyDecisions.map(\.origin))
        let repeated = snapshot.state.appliedInputs.count != Set(snapshot.state.appliedInputs).count
        if repeated { checks.fail(.inputs, "\(snapshot.id) took an input in twice: \(snapshot.state.appliedInputs)") }
    }

    /// Checks that everything sent is accounted for, at the end of a run.
    func settle(
        _ fold: StatusFold, _ guarantee: SimulatedGuarantee, derivedID: (RecordOrigin) -> TaskID, checks: Checks
    ) {
        var expected: Set<TaskID> = []
        for (origin, input) in sent.sorted(by: { $0.key.description < $1.key.description }) {
            let letters = deadLetters[origin] ?? []
            if guarantee == .exactlyOnce, letters.count > 1 {
                checks.fail(.inputs, "\(origin) was dead-lettered \(letters.count) times")
            }
            switch input {
            case .malformed:
                if letters.isEmpty { checks.fail(.inputs, "the malformed record \(origin) left no dead letter") }
            case .request(let id):
                let id = id ?? derivedID(origin)
                expected.insert(id)
                if fold.tasks[id] == nil { checks.fail(.inputs, "the request \(origin) for \(id) left no task") }
                if !letters.isEmpty {
                    checks.fail(.inputs, "the valid request \(origin) was dead-lettered: \(letters)")
                }
            case .command(let id, let isKnown):
                let count = applications[origin] ?? 0
                if isKnown, letters.contains(.unknownTask) {
                    checks.fail(.inputs, "\(origin) was dead-lettered as unknown_task, but \(id) was in the log")
                }
                if count + letters.count == 0 { checks.fail(.inputs, "\(origin) for \(id) left no trace") }
                if count > 1 { checks.fail(.inputs, "\(origin) for \(id) was taken in \(count) times") }
                if guarantee == .exactlyOnce, count + letters.count > 1, !kept.contains(origin) {
                    checks.fail(.inputs, "\(origin) for \(id) was taken in and dead-lettered: \(letters)")
                }
            }
        }
        if let stranger = fold.tasks.keys.sorted().first(where: { !expected.contains($0) }) {
            checks.fail(.inputs, "nobody asked for the task \(stranger)")
        }
    }
}
