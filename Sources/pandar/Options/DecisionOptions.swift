internal import ArgumentParser
internal import Authorization
internal import Kafka
internal import TaskModel

/// What `confirm` and `reject` share.
struct DecisionOptions: ParsableArguments {
    @OptionGroup var action: ActionOptions

    @Option(name: .long, help: "The confirmation's id; looked up when absent.")
    var id: String?

    @Option(
        name: .long,
        help: """
            The act's fingerprint, as the confirmation shows it: the decision counts for no other act. Looked up with the \
            id; with --id none is sent unless given. Needed to approve ahead of the question.
            """)
    var fingerprint: String?

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
        let asked: Asked
        if let id { asked = Asked(id: id, fingerprint: nil) } else { asked = try await pending(task, client) }
        let decision = ConfirmationDecision(
            confirmationID: asked.id, taskID: task, verdict: verdict, actor: actor, reason: action.reason,
            fingerprint: fingerprint ?? asked.fingerprint)
        guard let object = try? JSONParser.parse(decision.json).objectValue else { return }
        _ = try ConfirmationDecision(object)
        try client.publish([
            OutgoingRecord(
                topic: client.layout.confirmations, key: Array(task.text.utf8), value: decision.json,
                headers: token.map { [$0.kafkaHeader] } ?? [])
        ])
    }

    /// What a task waits for.
    private struct Asked {
        let id: String
        let fingerprint: String?

        init(id: String, fingerprint: String?) {
            self.id = id
            self.fingerprint = fingerprint
        }

        init?(_ snapshot: [UInt8]) {
            let confirmation = (try? JSONParser.parse(snapshot).objectValue)?["confirmation"]?.objectValue
            guard let id = confirmation?["confirmation_id"]?.stringValue else { return nil }
            self.init(id: id, fingerprint: confirmation?["fingerprint"]?.stringValue)
        }
    }

    private func pending(_ task: TaskID, _ client: ClientSettings) async throws -> Asked {
        let cached = try? await service.reads(client).task(task)
        if let asked = cached.flatMap(Asked.init) { return asked }
        // The cache may be behind, or on another machine; the status topic is the truth.
        let latest = try await StatusTopic.latest(of: task, client)
        guard let asked = latest.flatMap(Asked.init) else {
            throw CommandError(
                .notFound, "The task \(task) waits for no confirmation; see `pandar show \(task)`.")
        }
        return asked
    }
}
