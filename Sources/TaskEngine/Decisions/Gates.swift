internal import CommandPolicy
internal import Gates
internal import TaskModel

/// Gates that a task's command hits before anything runs. What it does later the runner's broker asks about.
extension PartitionEngine {
    /// The hits that are asked about before a start.
    ///
    /// - Parameter request: that of `spec`, where it need not be decoded again.
    func gateHits(_ spec: TaskSpec, _ request: TaskRequest? = nil) -> [GateHit] {
        guard spec.approvalPolicy == .autoWithGates, let request = request ?? (try? spec.request()) else { return [] }
        return gateHits(request)
    }

    /// - Throws: `unknown_gate` for a name that nobody defines: a task must not run without the gate that it asks for.
    func checkGates(_ names: [String]) throws(ContractViolation) {
        guard let name = configuration.gates.unknownNames(of: names).first else { return }
        let known = configuration.gates.gates.map(\.name).joined(separator: ", ")
        throw ContractViolation(
            .unknownGate, field: "metadata.gates",
            "There is no gate \(name) (there are: \(known)); add it to gates.file, and replay this.")
    }

    /// Notes the hits of a task that nobody is asked about.
    func gateNotes(_ request: TaskRequest, id: TaskID) -> [Note] {
        guard request.metadata.approvalPolicy ?? .auto == .auto else { return [] }
        return gateHits(request).map { .gateHit(id, gate: $0.gate, rule: $0.rule) }
    }

    private func gateHits(_ request: TaskRequest) -> [GateHit] {
        guard !request.metadata.gates.isEmpty, let words = try? CommandLine(request.command).words else { return [] }
        return configuration.gates.hits(GateQuestion(argv: words), among: request.metadata.gates)
    }

    /// Whether somebody must agree before the first start.
    func needsApproval(_ spec: TaskSpec, _ verdict: PolicyVerdict?, _ request: TaskRequest? = nil) -> Bool {
        spec.approvalPolicy == .manual || verdict?.kind == .gate || !gateHits(spec, request).isEmpty
    }

    /// The gate that the next question is about; `nil` where it is the command policy's, or that of `manual`.
    func hitToAsk(_ snapshot: TaskSnapshot, _ verdict: PolicyVerdict?) -> GateHit? {
        if let verdict, verdict.kind == .gate, !isApproved(snapshot, verdict) { return nil }
        let hits = gateHits(snapshot.spec)
        return hits.first { !isApproved(snapshot, $0) } ?? (verdict?.kind == .gate ? nil : hits.first)
    }

    /// Whether a human has agreed to this very act at this gate.
    func isApproved(_ snapshot: TaskSnapshot, _ hit: GateHit) -> Bool {
        let fingerprint = Confirmation.fingerprint(gate: hit.gate, action: Self.action(snapshot.spec, hit))
        return snapshot.state.confirmations.contains {
            $0.status == .approved && $0.gate == hit.gate && $0.fingerprint == fingerprint
        }
    }

    /// What an approver is shown.
    static func action(_ spec: TaskSpec, _ hit: GateHit) -> JSONValue {
        guard case .object(let object) = action(spec, spec.command, nil) else { return .null }
        let found: [JSONObject.Member] = [
            .init(name: "rule", value: .string(hit.rule)), .init(name: "reason", value: .string(hit.reason)),
        ]
        return .object(JSONObject(object.members + found + (hit.action.json.objectValue?.members ?? [])))
    }
}
