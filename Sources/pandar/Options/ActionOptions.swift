internal import ArgumentParser
internal import Authorization
internal import Foundation
internal import Kafka
internal import TaskModel

/// What the commands that act on a task share.
struct ActionOptions: ParsableArguments {
    @Argument(help: "The task's id.")
    var task: String

    @Option(name: .long, help: "Why, at most 500 characters.")
    var reason: String?

    @Option(name: .long, help: "Who does it (default: whom the token is for, else $USER).")
    var actor: String?

    @OptionGroup var token: TokenOptions

    /// Who acts.
    func actorName(_ token: ClientToken?) -> String? {
        actor ?? token?.subject ?? ProcessInfo.processInfo.environment["USER"]
    }

    func taskID() throws -> TaskID {
        guard let id = TaskID(task) else {
            throw CommandError(
                .badInput, "\(task) is no task id: it must have 1 to 128 characters of A-Z, a-z, 0-9 and . _ : -")
        }
        return id
    }

    /// Publishes the action. The service answers with the task's next snapshot, or with a dead letter when the action
    /// does not fit the task's state.
    func publish(_ verb: TaskVerb, _ client: ClientSettings) throws {
        let token = try token.token()
        let action = TaskAction(taskID: try taskID(), verb: verb, reason: reason, actor: actorName(token))
        // Checked as the service will check it.
        guard let object = try? JSONParser.parse(action.json).objectValue else { return }
        _ = try TaskAction(object)
        try client.publish([
            OutgoingRecord(
                topic: client.layout.requests, key: Array(action.taskID.text.utf8), value: action.json,
                headers: token.map { [$0.kafkaHeader] } ?? [])
        ])
    }
}
