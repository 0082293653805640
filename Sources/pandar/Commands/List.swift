internal import ArgumentParser
internal import TaskModel

/// Lists tasks.
struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List tasks, newest first.",
        discussion: """
            Asks the running service, or reads the cache's file when none runs.

            Examples:
              pandar list --status failed --project 1
              pandar list --sort priority --limit 50
              pandar list --json | jq '.items[].task_id'
            """)

    @Option(name: .long, help: "Tasks in this state.", completion: .list(TaskStatus.allCases.map(\.rawValue)))
    var status: String?

    @Option(name: .long, help: "Tasks of this priority.", completion: .list(TaskPriority.allCases.map(\.rawValue)))
    var priority: String?

    @Option(name: .long, help: "Tasks of this project.")
    var project: Int64?

    @Option(name: .long, help: "Tasks that this person asked for.")
    var createdBy: String?

    @Option(name: .long, help: "Tasks created at or after this time.")
    var from: String?

    @Option(name: .long, help: "Tasks created at or before this time.")
    var to: String?

    @Option(name: .long, help: "created_at, updated_at, priority, status or name.")
    var sort: String?

    @Option(name: .long, help: "asc or desc.")
    var order: String?

    @Option(name: .long, help: "From 1.")
    var page = 1

    @Option(name: .long, help: "Tasks a page, 1 to 100.")
    var limit = 20

    @Flag(name: .long, help: "The JSON of GET /api/v1/tasks.")
    var json = false

    @OptionGroup(title: "Service") var service: ServiceOptions
    @OptionGroup(title: "Settings") var settings: SettingsOptions

    func run() async throws {
        let filter = ListFilter(
            page: page, limit: limit, projectID: project, status: status, priority: priority, createdBy: createdBy,
            from: from, to: to, sort: sort, order: order)
        let answer = try await service.reads(try settings.client()).list(filter)
        guard !json else { return Terminal.output.writeLine(answer) }
        let object = try JSONObject(answer: answer)
        let items = object["items"]?.arrayValue ?? []
        let terminal = Terminal.output
        for line in TaskTable.lines(items, width: terminal.width, style: Style(isOn: terminal.hasColour)) {
            terminal.writeLine(line)
        }
        let total = object.text("total") ?? String(items.count)
        Terminal.error.writeLine("\(items.count) of \(total) tasks, page \(page) of \(object.text("pages") ?? "1")")
    }
}
