internal import ArgumentParser
internal import Authorization
internal import Foundation
internal import Kafka
internal import TaskModel

/// Publishes task requests.
struct Submit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Publish task requests: by flags, or JSON on stdin (one object, an array, or one object a line).",
        discussion: """
            Prints the id of each task once the broker has it. With --wait it follows the task until it has ended, and
            exits with 0 when it completed, 1 when it failed, 3 when it was cancelled.

            Examples:
              pandar submit --name Audit --command 'codex audit --fix' --project 1 --priority high
              pandar submit --name Build --command 'make all' --project 1 --timeout 600 --retries 2 --wait
              pandar submit < request.json
              jq -c '.tasks[]' backlog.json | pandar submit
            """)

    @OptionGroup(title: "Request") var request: RequestOptions
    @OptionGroup var token: TokenOptions
    @OptionGroup(title: "Settings") var settings: SettingsOptions

    @Flag(name: .long, help: "Follow the tasks until they have ended.")
    var wait = false

    @Option(name: .long, help: "Seconds that --wait waits at most; then it exits with 75.")
    var within: Double?

    @Flag(
        name: .long,
        help: ArgumentHelp(
            "Send each line of stdin as it is, without a check: for trying out dead letters.",
            visibility: .hidden))
    var noValidate = false

    func run() async throws {
        let client = try settings.client()
        let headers = try token.token().map { [$0.kafkaHeader] } ?? []
        if noValidate { return try sendRaw(client, headers) }
        let submissions = try submissions(topic: client.layout.requests)
        let session = wait ? try WatchSession(client, tasks: Set(submissions.map(\.id.text)), from: .now) : nil
        try client.publish(
            submissions.map { submission in
                var record = submission.record
                record.headers += headers
                return record
            })
        for submission in submissions { Terminal.output.writeLine(submission.id.text) }
        guard let session else { return }
        try await session.runToEnd(WatchPrinter(output: .error), within: within)
    }

    private func submissions(topic: String) throws -> [Submission] {
        if request.isGiven { return [try Submission(request.object, topic: topic)] }
        guard isatty(STDIN_FILENO) == 0 else {
            throw CommandError(
                .usage, "There is no request: give --name, --command and --project, or JSON on stdin (see --help).")
        }
        let entries = try RequestLines.read(try StandardInput.all())
        guard !entries.isEmpty else {
            throw CommandError(.badInput, "There is no request on stdin; give one JSON object a line.")
        }
        return try entries.map { entry in
            do {
                return try Submission(entry.object, topic: topic)
            } catch let violation as ContractViolation {
                throw CommandError(.badInput, "Line \(entry.line): \(violation.message) Nothing was sent.")
            }
        }
    }

    private func sendRaw(_ client: ClientSettings, _ headers: [KafkaHeader]) throws {
        let lines = RequestLines.numberedLines(try StandardInput.all())
        try client.publish(
            lines.map { OutgoingRecord(topic: client.layout.requests, key: nil, value: $0.bytes, headers: headers) })
    }
}
