internal import ArgumentParser
internal import TaskModel

/// Finds tasks by words.
struct Search: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find tasks by words of their name, description or command.",
        discussion: "Example: pandar search nightly audit")

    @Argument(help: "The words; all must occur.")
    var words: [String]

    @Option(name: .long, help: "Tasks at most, 1 to 100.")
    var limit = 20

    @Flag(name: .long, help: "The JSON of GET /api/v1/tasks/search.")
    var json = false

    @OptionGroup(title: "Service") var service: ServiceOptions
    @OptionGroup(title: "Settings") var settings: SettingsOptions

    func run() async throws {
        let reads = try await service.reads(try settings.client())
        let answer = try await reads.search(words.joined(separator: " "), limit: limit)
        guard !json else { return Terminal.output.writeLine(answer) }
        let items = try JSONObject(answer: answer)["items"]?.arrayValue ?? []
        let terminal = Terminal.output
        for line in TaskTable.lines(items, width: terminal.width, style: Style(isOn: terminal.hasColour)) {
            terminal.writeLine(line)
        }
        if items.isEmpty { Terminal.error.writeLine("No task has these words.") }
    }
}
