internal import ArgumentParser
internal import TaskModel

/// Shows who decided what, and proves it.
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show who decided what about a task, when and on which evidence; verify that nobody changed it.",
        discussion: """
            Reads the status and notifications topics, no cache and no service. `verify` ends with 1 when something does
            not fit.

            Examples:
              pandar audit nightly-audit
              pandar audit verify
              pandar audit verify nightly-audit --json
            """,
        subcommands: [ShowTrail.self, Verify.self], defaultSubcommand: ShowTrail.self)

    struct ShowTrail: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show the confirmations of a task (the default).")

        @Argument(help: "The task's id.")
        var task: String

        @Flag(name: .long, help: "One object: {task_id, confirmations, findings}.")
        var json = false

        @OptionGroup(title: "Settings") var settings: SettingsOptions

        func run() async throws {
            let id = try Audit.id(task)
            guard let trail = try await AuditTopics.trails(try settings.client(), tasks: [id]).first else {
                throw CommandError(.notFound, "Nobody was ever asked about \(task), or the topics hold no more of it.")
            }
            let terminal = Terminal.output
            guard !json else { return terminal.writeLine(AuditText.json(trail)) }
            for line in AuditText.lines(trail, style: Style(isOn: terminal.hasColour)) { terminal.writeLine(line) }
            for finding in trail.findings { Terminal.error.writeLine("pandar: \(finding)") }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Verify the history of confirmations, of all tasks or of those named.",
            discussion: """
                Every entry carries the hash of the one before it, the first that of the task's id; no record that the
                topics still have may tell an entry otherwise; every approval must have been one by its own rules.
                Whoever can write the status topic can write a whole new history: keep the hashes that notifications
                carried, or the last line of this command, where he cannot.
                """)

        @Argument(help: "The ids of tasks; without, all that were ever asked about.")
        var tasks: [String] = []

        @Flag(name: .long, help: "One object a task and line.")
        var json = false

        @OptionGroup(title: "Settings") var settings: SettingsOptions

        func run() async throws {
            let ids = try tasks.map(Audit.id)
            let trails = try await AuditTopics.trails(try settings.client(), tasks: ids.isEmpty ? nil : Set(ids))
            let terminal = Terminal.output
            for trail in trails {
                if json { terminal.writeLine(AuditText.json(trail)) }
                for finding in trail.findings { Terminal.error.writeLine("\(trail.task): \(finding)") }
            }
            let broken = trails.filter { !$0.findings.isEmpty }.count
            if !json {
                let entries = trails.map(\.history.count).reduce(0, +)
                let head = AuditChain.digest(of: trails.map { AuditChain.head(of: $0.history, task: $0.task) })
                terminal.writeLine("\(trails.count) tasks, \(entries) entries, \(broken) tasks with findings, \(head)")
            }
            if broken > 0 { throw CommandError(.failed, "") }
        }
    }

    private static func id(_ text: String) throws(CommandError) -> TaskID {
        guard let id = TaskID(text) else { throw CommandError(.badInput, "\(text) is no task id.") }
        return id
    }
}
