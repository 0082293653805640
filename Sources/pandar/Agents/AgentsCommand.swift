internal import Agents
internal import ArgumentParser
internal import PandarConfiguration
internal import TaskModel

/// The agents: lists, tries and prints them.
struct AgentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agents",
        abstract: "Tell which agents there are and whether they can run here; print them as a file.",
        discussion: """
            Examples:
              pandar agents list
              pandar agents check codex
              pandar agents template > agents.yaml
            """,
        subcommands: [All.self, Check.self, Template.self])

    /// The agents that the settings give.
    struct All: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the agents.",
            discussion: """
                Examples:
                  pandar agents list
                  pandar agents list --json
                """)

        @Flag(name: .long, help: "One JSON object: {agents: [{name, program, adapter, arguments, …, resume}]}.")
        var json = false

        @OptionGroup(title: "Settings") var settings: SettingsOptions

        func run() async throws {
            let catalog = try settings.load().settings.agents.catalog()
            let terminal = Terminal.output
            if json {
                terminal.writeLine(JSONWriter.bytes(of: ["agents": .array(catalog.agents.map(\.json))]))
            } else {
                let style = Style(isOn: terminal.hasColour)
                for line in catalog.agents.flatMap({ $0.lines(style) }) { terminal.writeLine(line) }
            }
        }
    }

    /// Tries them out.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find each agent's program and version, try its protocol in the sandbox, look for credentials.",
            discussion: """
                Nothing is asked of a model, and of credentials only names are told. Exits with 1 when a program that is \
                there cannot be used, or one that was named is not there.

                Examples:
                  pandar agents check
                  pandar agents check codex claude --json
                """)

        @Argument(help: "Names of agents; without any all of them.")
        var names: [String] = []

        @Option(name: .long, help: "Seconds that a program has for its version, and as many for its first answer.")
        var timeout = 20

        @Flag(
            name: .long,
            help: "One JSON object: {agents: [{name, path, version, in_sandbox, handshake, credentials, ok, …}]}.")
        var json = false

        @OptionGroup(title: "Settings") var settings: SettingsOptions

        func validate() throws {
            guard (1...600).contains(timeout) else { throw ValidationError("--timeout must be from 1 to 600.") }
        }

        func run() async throws {
            let settings = try settings.load().settings
            let catalog = try settings.agents.catalog()
            if let name = names.first(where: { catalog[$0] == nil }) {
                throw CommandError(
                    .notFound, "there is no agent \(name); `pandar agents list` shows those that there are")
            }
            var inspection = try AgentInspection(settings)
            inspection.seconds = Double(timeout)
            let wanted = catalog.agents.filter { names.isEmpty || names.contains($0.name) }
            let reports = wanted.map { inspection.report($0, isWanted: !names.isEmpty) }
            let terminal = Terminal.output
            if json {
                terminal.writeLine(JSONWriter.bytes(of: ["agents": .array(reports.map(\.json))]))
            } else {
                let style = Style(isOn: terminal.hasColour)
                for finding in reports.flatMap(\.findings) { terminal.writeLine(finding.line(style)) }
            }
            if reports.contains(where: \.hasFailed) { throw CommandError.ending(.failed) }
        }
    }

    /// Prints the agents that ship.
    struct Template: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the agents that ship as a file to start from.",
            discussion: "Example: pandar agents template > agents.yaml")

        func run() async throws {
            Terminal.output.write(Array(AgentsTemplate.yaml().utf8))
        }
    }
}
