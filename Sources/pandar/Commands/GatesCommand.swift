internal import ArgumentParser
internal import Foundation
internal import Gates
internal import PandarConfiguration
internal import TaskModel

/// The gates: lists, tries and checks them.
struct GatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gates",
        abstract: "Tell where a human must decide, and whether a command comes to it; check or print the gates.",
        discussion: """
            Examples:
              pandar gates list
              pandar gates explain 'git push origin main'
              pandar gates check gates.yaml
              pandar gates template > gates.yaml
            """,
        subcommands: [All.self, Explain.self, Check.self, Template.self])

    /// The gates that hold.
    struct All: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the gates that hold.",
            discussion: """
                Examples:
                  pandar gates list
                  pandar gates list --json
                """)

        @Flag(name: .long, help: "One JSON object: {gates: [{name, description, approvers, …, triggers}]}.")
        var json = false

        @OptionGroup(title: "Settings") var settings: SettingsOptions

        func run() async throws {
            let catalog = try settings.load().settings.gates.catalog()
            let terminal = Terminal.output
            if json {
                terminal.writeLine(JSONWriter.bytes(of: ["gates": .array(catalog.gates.map(\.json))]))
            } else {
                let style = Style(isOn: terminal.hasColour)
                for line in catalog.gates.flatMap({ $0.lines(style) }) { terminal.writeLine(line) }
            }
        }
    }

    /// Tries one command.
    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show which gates a command hits, by which trigger, and what would be asked.",
            discussion: """
                Nothing is looked up: without knowledge of a repository a push whose destination does not stand in the \
                command counts as a hit. Exits with 0 when no gate is hit, 1 when one is.

                Examples:
                  pandar gates explain 'git push origin HEAD:main'
                  pandar gates explain 'sh -c "terraform apply"' --gate infra_change --json
                  pandar gates explain --secret DATABASE_URL
                """)

        @Argument(help: "The command as it would stand in a request.")
        var command: String?

        @Option(name: .long, help: "The name of a secret that is asked for, in place of a command.")
        var secret: String?

        @Option(name: .long, help: "Only this gate, as in a request's gates; can be given several times.")
        var gate: [String] = []

        @Flag(name: .long, help: "One JSON object: {argv, hits: [{gate, rule, reason, certain, action}]}.")
        var json = false

        @OptionGroup(title: "Settings") var settings: SettingsOptions

        func validate() throws {
            if (command == nil) == (secret == nil) {
                throw ValidationError("Give a command, or --secret NAME; one of them.")
            }
        }

        func run() async throws {
            let catalog = try settings.load().settings.gates.catalog()
            if let name = catalog.unknownNames(of: gate).first {
                throw CommandError(
                    .notFound, "there is no gate \(name); `pandar gates list` shows those that there are")
            }
            let hits = catalog.hits(try question(), among: gate.isEmpty ? nil : gate)
            let terminal = Terminal.output
            if json {
                let argv = try question().argv.map(JSONValue.string)
                terminal.writeLine(
                    JSONWriter.bytes(of: ["argv": .array(argv), "hits": .array(hits.map(\.json))]))
            } else {
                let style = Style(isOn: terminal.hasColour)
                for line in hits.flatMap({ $0.lines(style) }) { terminal.writeLine(line) }
                if hits.isEmpty { terminal.writeLine("\(style("no gate", .green)) is hit") }
            }
            if !hits.isEmpty { throw CommandError.ending(.failed) }
        }

        private func question() throws -> GateQuestion {
            if let secret { return GateQuestion(secret: secret) }
            do throws(CommandLine.Refusal) {
                return GateQuestion(argv: try CommandLine(command ?? "").words)
            } catch {
                throw CommandError(.badInput, "the command cannot be split: \(error.sentence)")
            }
        }
    }

    /// Reads a file of gates and tries the examples.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read the gates and try every trigger's own examples.",
            discussion: """
                Exits with 78 when something is wrong, and says what and where.

                Example: pandar gates check gates.yaml
                """)

        @Argument(help: "The file; without it what gates.file says.", completion: .file())
        var file: String?

        @OptionGroup(title: "Settings") var settings: SettingsOptions

        func run() async throws {
            var section = try settings.load().settings.gates
            if let file { section.file = file }
            let triggers = try section.catalog().gates.map(\.triggers)
            let examples = triggers.joined().reduce(0) { sum, trigger in
                guard case .command(let command) = trigger else { return sum }
                return sum + command.matches.count + command.spares.count
            }
            let name = section.file.isEmpty ? "the built-in gates" : section.file
            Terminal.output.writeLine(
                "\(name): \(triggers.count) gates, \(triggers.joined().count) triggers, \(examples) examples; all right"
            )
        }
    }

    /// Prints the gates that ship.
    struct Template: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the gates that ship as a file to start from.",
            discussion: "Example: pandar gates template > gates.yaml")

        func run() async throws {
            Terminal.output.write(Array(GatesTemplate.yaml().utf8))
        }
    }
}
