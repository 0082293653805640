internal import ArgumentParser
internal import TaskModel

/// Shows the figures.
struct Stats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show how many tasks are in which state, how many succeed and how long they take.",
        discussion: """
            Asks the running service, or reads the cache's file when none runs, and then says how old it is.

            Examples:
              pandar stats
              pandar stats --project 1 --json
            """)

    @Option(name: .long, help: "Tasks of this project alone.")
    var project: Int64?

    @Flag(name: .long, help: "The JSON of GET /api/v1/tasks/stats.")
    var json = false

    @OptionGroup(title: "Service") var service: ServiceOptions
    @OptionGroup(title: "Settings") var settings: SettingsOptions

    func run() async throws {
        let answer = try await service.reads(try settings.client()).stats(project: project)
        guard !json else { return Terminal.output.writeLine(answer) }
        let terminal = Terminal.output
        for line in StatsText.lines(try JSONObject(answer: answer), style: Style(isOn: terminal.hasColour)) {
            terminal.writeLine(line)
        }
    }
}
