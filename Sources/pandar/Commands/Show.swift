internal import ArgumentParser
internal import TaskModel

/// Shows one task.
struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show one task: its state, plan, attempts, tokens, confirmations and output.",
        discussion: "Example: pandar show nightly-audit --json | jq .attempts")

    @Argument(help: "The task's id.")
    var task: String

    @Flag(name: .long, help: "The JSON of GET /api/v1/tasks/TASK.")
    var json = false

    @OptionGroup(title: "Service") var service: ServiceOptions
    @OptionGroup(title: "Settings") var settings: SettingsOptions

    func run() async throws {
        guard let id = TaskID(task) else { throw CommandError(.badInput, "\(task) is no task id.") }
        let answer = try await service.reads(try settings.client()).task(id)
        guard !json else { return Terminal.output.writeLine(answer) }
        let terminal = Terminal.output
        for line in TaskText.lines(try JSONObject(answer: answer), style: Style(isOn: terminal.hasColour)) {
            terminal.writeLine(line)
        }
    }
}
