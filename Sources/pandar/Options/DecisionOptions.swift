internal import ArgumentParser
internal import Authorization
internal import Kafka
internal import TaskModel

/// What `confirm` and `reject` share.
struct DecisionOptions: ParsableArguments {
    @OptionGroup var action: ActionOptions

    @Option(name: .long, help: "The confirmation's id; looked up when absent.")
    var id: String?

    @OptionGroup(title: "Service") var service: ServiceOptions
    @OptionGroup(title: "Settings") var settings: SettingsOptions

    /// Publishes the decision on the confirmation that the task waits for.
    func publish(_ verdict: Verdict) async throws {
        let client = try settings.client()
        let task = try action.taskID()
        let token = try action.token.token()
        guard let actor = action.actorName(token) else {
            throw CommandError(.usage, "Nobody decides: say who with --actor NAME, or prove it with --token-file.")
        }
        let confirmation: String
        if let id { confirmation = id } else { confirmation = try await pending(task, client) }
        let decision = ConfirmationDecision(
            confirmationID: confirmation, taskID: task, verdict: verdict, actor: actor, reason: action.reason)
        guard let object = try? JSONParser.parse(decision.json).objectValue else { return }
        _ = try ConfirmationDecision(object)
        try client.publish([
            OutgoingRecord(
                topic: client.layout.confirmations, key: Array(task.text.utf8), value: decision.json,
                headers: token.map { [$0.kafkaHeader] } ?? [])
        ])
    }

    private func pending(_ task: TaskID, _ client: ClientSettings) async throws -> String {
        let cached = try? await service.reads(client).task(task)
        if let id = cached.flatMap(Self.confirmation) { return id }
        // The cache may be behind, or on another machine; the status topic is the truth.
        let latest = try await StatusTopic.latest(of: task, client)
        guard let id = latest.flatMap(Self.confirmation) else {
            throw CommandError(
                .notFound, "The task \(task) waits for no confirmation; see `pandar show \(task)`.")
        }
        return id
    }

    private static func confirmation(_ snapshot: [UInt8]) -> String? {
        let object = try? JSONParser.parse(snapshot).objectValue
        return object?["confirmation"]?.objectValue?["confirmation_id"]?.stringValue
    }
}
