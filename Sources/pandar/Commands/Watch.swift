internal import ArgumentParser

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
              pandar watch 4f1c… --within 60
              pandar watch --from-beginning --json | jq 'select(.type == "status") | .value.status'
            """)

    @Argument(help: "The ids of tasks; without, all tasks are shown.")
    var tasks: [String] = []

    @Flag(name: .long, help: "Begin with the oldest records that the topics still have.")
    var fromBeginning = false

    @Flag(name: .long, inversion: .prefixedNo, help: "JSON lines, or words.")
    var json: Bool?

    @Option(name: .long, help: "Seconds to wait at most for the end of the tasks; then it exits with 75.")
    var within: Double?

    @OptionGroup(title: "Settings") var settings: SettingsOptions

    func run() async throws {
        let isAll = tasks.isEmpty
        let session = try WatchSession(
            try settings.client(), tasks: isAll ? nil : Set(tasks),
            from: isAll && !fromBeginning ? .now : .beginning)
        let printer = WatchPrinter(
            output: .output, format: json.map { $0 ? .json : .text }, isSingle: tasks.count == 1)
        try await session.runToEnd(printer, within: within)
    }
}
