internal import Gates
internal import TaskModel

/// The gates of a run. Nothing hits them before a start; attempts ask.
enum SimulatedGates {
    static let names = ["deploy", "pay"]

    static let catalog = GateCatalog([
        GateDefinition("deploy", description: "", decisionSeconds: 60, triggers: []),
        GateDefinition(
            "pay", description: "", requiredApprovals: 2, decisionSeconds: 12, onReject: .fail, onExpiry: .fail,
            triggers: []),
    ])

    /// A question about one of the few acts of a task: attempts of a task ask the same ones.
    static func question(_ number: Int, of task: TaskID, gate: String, variant: Int) -> AttemptQuestion {
        AttemptQuestion(
            number: number, gate: gate, rule: "simulated", reason: "It acts.",
            action: JSONObject([
                .init(name: "act", value: .string("\(task)-\(variant)"))
            ]))
    }
}
