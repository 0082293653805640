internal import CommandPolicy
internal import Gates
internal import TaskModel

/// What the command policy and the list of projects say: at acceptance, and again whenever an attempt would start.
extension PartitionEngine {
    /// The gate of the command policy.
    static let policyGate = "command_policy"

    /// The verdict on a request; `nil` where the policy allows anything.
    ///
    /// - Throws: why the request becomes a dead letter.
    func admissible(_ request: TaskRequest) throws(ContractViolation) -> PolicyVerdict? {
        if let projects = configuration.projects, !projects.contains(request.projectID) {
            throw ContractViolation(
                .unknownProject, field: "project_id",
                "There is no project \(request.projectID); add it to the projects of the configuration, and replay this."
            )
        }
        try checkGates(request.metadata.gates)
        guard !configuration.policy.isPermissive else { return nil }
        let verdict = configuration.policy.verdict(
            of: request.command, approvalPolicy: request.metadata.approvalPolicy)
        guard verdict.kind != .block else {
            throw ContractViolation(.commandRefused, field: "command", verdict.sentence)
        }
        return verdict.kept
    }

    /// The verdict on the command of a held task. Taken once: neither the command nor the policy changes while the
    /// engine lives, and a new owner has a new engine.
    mutating func verdict(on id: TaskID) -> PolicyVerdict? {
        guard !configuration.policy.isPermissive, let entry = tasks[id] else { return nil }
        if let verdict = entry.verdict { return verdict }
        let spec = entry.snapshot.spec
        let verdict = configuration.policy.verdict(of: spec.command, approvalPolicy: spec.approvalPolicy).kept
        tasks.update(id) { $0.verdict = verdict }
        return verdict
    }

    /// Whether an attempt may start by the policy and the gates that hold now: of what this engine accepted without a
    /// question it is known, for both are the same for its life. If not, the task has ended or asks.
    mutating func mayStart(_ id: TaskID, now: Timestamp) -> Bool {
        guard !tasks.isCleared(id), let snapshot = tasks.snapshot(of: id) else { return true }
        let verdict = verdict(on: id)
        if let verdict, verdict.kind == .block {
            refuseStart(id, "The command policy blocks the command by now: \(verdict.sentence)", now: now)
            return false
        }
        let isPolicyContent = verdict?.kind != .gate || verdict.map { isApproved(snapshot, $0) } == true
        guard snapshot.spec.approvalPolicy == .autoWithGates else {
            if !isPolicyContent { ask(id, now: now) }
            return isPolicyContent
        }
        let request: TaskRequest
        do throws(ContractViolation) {
            request = try snapshot.spec.request()
            try checkGates(request.metadata.gates)
        } catch {
            refuseStart(id, "\(error)", now: now)
            return false
        }
        guard isPolicyContent, gateHits(snapshot.spec, request).allSatisfy({ isApproved(snapshot, $0) }) else {
            ask(id, now: now)
            return false
        }
        return true
    }

    /// Whether a human has agreed to this very question, or, under the policy `manual`, to the command.
    func isApproved(_ snapshot: TaskSnapshot, _ verdict: PolicyVerdict) -> Bool {
        let action = Self.action(snapshot.spec, snapshot.spec.command, verdict)
        let fingerprint = Confirmation.fingerprint(gate: Self.policyGate, action: action)
        return snapshot.state.confirmations.contains {
            $0.status == .approved && ($0.gate == Self.manualGate || $0.fingerprint == fingerprint)
        }
    }

    /// The task fails with what stands against its start as its error. From `pending` the way there is an attempt that is
    /// refused at its start: the contract knows no other.
    private mutating func refuseStart(_ id: TaskID, _ error: String, now: Timestamp) {
        let runner = configuration.runner
        if tasks.snapshot(of: id)?.state.status == .pending {
            transition(id, now: now) { Self.begin(&$0, runner: runner, now: now) }
            end(id, .failed, now: now) { Self.record(.failed, AttemptResult(error: error), in: &$0, now: now) }
        } else {
            end(id, .failed, now: now) { $0.result.error = error }
        }
    }

    /// What an approver is shown.
    static func action(_ spec: TaskSpec, _ command: String, _ verdict: PolicyVerdict?) -> JSONValue {
        var members: [JSONObject.Member] = [
            .init(name: "command", value: .string(command)), .init(name: "project_id", value: .integer(spec.projectID)),
            .init(name: "agent", value: spec.agent.map(JSONValue.string) ?? .null),
        ]
        if let verdict, verdict.kind == .gate {
            members += [
                .init(name: "rule", value: verdict.rule.map(JSONValue.string) ?? .null),
                .init(name: "reason", value: .string(verdict.reason)),
                .init(name: "argv", value: .array(verdict.argv.map(JSONValue.string))),
            ]
        }
        return .object(JSONObject(members))
    }
}

extension PolicyVerdict {
    /// As it is kept with a task: what is allowed is most of all, and nobody asks for its words again.
    var kept: PolicyVerdict { kind == .allow ? PolicyVerdict(kind: .allow, rule: nil, argv: [], reason: "") : self }

    /// Rule and reason, for errors and dead letters. Without the command: it can hold secrets.
    var sentence: String { "\(rule ?? kind.rawValue): \(reason)" }
}

extension TaskSpec {
    /// The command, decoded again; empty if it cannot be.
    var command: String { (try? request())?.command ?? "" }
}
