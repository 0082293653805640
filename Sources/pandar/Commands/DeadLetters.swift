internal import ArgumentParser
internal import Authorization
internal import Kafka
internal import TaskModel

/// Shows and replays what could not be accepted.
struct DeadLetters: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show and replay records that could not be accepted.",
        discussion: """
            Examples:
              pandar dead-letters list
              pandar dead-letters show 2:17
              pandar dead-letters replay 2:17 --reason 'the limit was raised'
            """,
        subcommands: [ListLetters.self, ShowLetter.self, Replay.self])

    /// Lists them.
    struct ListLetters: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List all dead letters.",
            discussion: "Example: pandar dead-letters list --reason invalid_json --json")

        @Flag(name: .long, help: "One JSON object a line.")
        var json = false

        @Option(name: .long, help: "Those with this reason alone (invalid_json, out_of_range, …).")
        var reason: String?

        @OptionGroup(title: "Settings") var settings: SettingsOptions

        func run() async throws {
            let terminal = Terminal.output
            var table = Table("PLACE", "REASON", "TOPIC", "WRITTEN", "MESSAGE")
            try await DeadLetterTopic.read(try settings.client()) { entry in
                guard reason == nil || reason == entry.field("reason") else { return }
                guard !json else { return terminal.writeLine(entry.json) }
                table.rows.append([
                    .init(entry.place), .init(entry.field("reason"), .red), .init(entry.field("topic")),
                    .init(String(Timestamp(milliseconds: entry.record.timestampMs).description.prefix(19))),
                    .init(entry.field("message")),
                ])
            }
            guard !json else { return }
            guard !table.rows.isEmpty else { return Terminal.error.writeLine("There are no dead letters.") }
            for line in table.lines(width: terminal.width, style: Style(isOn: terminal.hasColour)) {
                terminal.writeLine(line)
            }
        }
    }

    /// Shows one.
    struct ShowLetter: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show one dead letter with its headers and its value.",
            discussion: """
                Piped on, the value comes byte for byte.

                Example: pandar dead-letters show 2:17
                """)

        @Argument(help: ArgumentHelp("Where it stands.", valueName: "partition:offset"))
        var place: String

        @Flag(name: .long, help: "One JSON object.")
        var json = false

        @OptionGroup(title: "Settings") var settings: SettingsOptions

        func run() async throws {
            let entry = try await DeadLetterTopic.entry(place, try settings.client())
            let terminal = Terminal.output
            guard !json else { return terminal.writeLine(entry.json) }
            for header in entry.shownHeaders {
                let value = header.value.map { String(decoding: $0, as: UTF8.self).printable } ?? "(none)"
                terminal.writeLine(Style(isOn: terminal.hasColour)(header.name, .dim) + "  " + value)
            }
            let key = entry.record.key.map { String(decoding: $0, as: UTF8.self).printable } ?? "(none)"
            terminal.writeLine(Style(isOn: terminal.hasColour)("key", .dim) + "  " + key)
            terminal.writeLine("")
            // Piped on, the value comes byte for byte.
            let value = entry.record.value ?? []
            let lines = String(decoding: value, as: UTF8.self).split(whereSeparator: \.isNewline)
            if terminal.isInteractive {
                for line in lines { terminal.writeLine(String(line).printable) }
            } else {
                terminal.writeLine(value)
            }
        }
    }

    /// Sends them again.
    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send dead letters to their topic again: original key, value and headers.",
            discussion: """
                The dead letter stays where it is; what fails again becomes another one, with the time of its first failure.
                A replay is a new record: with auth.kafka: signed its token must count now, or be given anew.

                Examples:
                  pandar dead-letters replay 2:17 --reason 'the limit was raised'
                  pandar dead-letters replay --all
                """)

        @Argument(help: ArgumentHelp("Where they stand.", valueName: "partition:offset"))
        var places: [String] = []

        @Flag(name: .long, help: "Every dead letter, once.")
        var all = false

        @Option(name: .long, help: "Why; goes along in the header pandar-replay-reason.")
        var reason: String?

        @OptionGroup var token: TokenOptions
        @OptionGroup(title: "Settings") var settings: SettingsOptions

        func validate() throws {
            guard all != !places.isEmpty else {
                throw ValidationError("Give one or more PARTITION:OFFSET, or --all.")
            }
        }

        func run() async throws {
            let client = try settings.client()
            let token = try token.token()
            var records: [OutgoingRecord] = []
            if all {
                try await DeadLetterTopic.read(client) { records.append(try $0.replay(reason: reason, token: token)) }
            } else {
                for place in places {
                    records.append(try await DeadLetterTopic.entry(place, client).replay(reason: reason, token: token))
                }
            }
            if !records.isEmpty { try client.publish(records) }
            Terminal.output.writeLine("\(records.count) replayed")
        }
    }
}
