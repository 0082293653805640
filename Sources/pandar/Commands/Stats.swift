internal import ArgumentParser
internal import TaskModel

/// Shows the figures.
struct Stats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show how many tasks are in which state, how many succeed, how long they take and what agents use.",
        discussion: """
            Asks the running service, or reads the cache's file when none runs, and then says how old it is. Tokens and
            costs are told of all attempts by agent and by project, and of the last 30 days (UTC) by the day on which an
            attempt began; a cost only of agents that tell one.

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
        let lines = StatsText.lines(
            try JSONObject(answer: answer), width: terminal.width, style: Style(isOn: terminal.hasColour))
        for line in lines { terminal.writeLine(line) }
    }
}
