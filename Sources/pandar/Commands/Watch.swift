internal import ArgumentParser
internal import TaskModel

/// Shows what happens, live.
struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show status, progress, output and notifications as they come.",
        discussion: """
            In words and colours on a terminal, as JSON lines otherwise: {"type", "task_id", "at", "value"}. Times are
            UTC. With a task it shows all that is known of it, and ends when the task has ended: with 0 when it
            completed, 1 when it failed, 3 when it was cancelled.

            Examples:
              pandar watch
              pandar watch nightly-audit --within 60
              pandar watch nightly-audit --until waiting_confirmation
              pandar watch --from-beginning --json | jq 'select(.type == "status") | .value.status'
            """)

    @Argument(help: "The ids of tasks; without, all tasks are shown.")
    var tasks: [String] = []

    @Flag(name: .long, help: "Begin with the oldest records that the topics still have.")
    var fromBeginning = false

    @Flag(name: .long, inversion: .prefixedNo, help: "JSON lines, or words.")
    var json: Bool?

    @Option(
        name: .long, help: "End when the tasks are in this state (running, waiting_confirmation, …), or have ended.",
        completion: .list(TaskStatus.allCases.map(\.rawValue)))
    var until: String?

    @Option(name: .long, help: "Seconds to wait at most for the end of the tasks; then it exits with 75.")
    var within: Double?

    @OptionGroup(title: "Settings") var settings: SettingsOptions

    func run() async throws {
        let isAll = tasks.isEmpty
        let status = try until.map { text throws(CommandError) in
            guard let status = TaskStatus(rawValue: text) else {
                let allowed = TaskStatus.allCases.map(\.rawValue).joined(separator: ", ")
                throw CommandError(.usage, "--until must be one of: \(allowed).")
            }
            return status
        }
        let session = try WatchSession(
            try settings.client(), tasks: isAll ? nil : Set(tasks), until: status,
            from: isAll && !fromBeginning ? .now : .beginning)
        let printer = WatchPrinter(
            output: .output, format: json.map { $0 ? .json : .text }, isSingle: tasks.count == 1)
        try await session.runToEnd(printer, within: within)
    }
}
