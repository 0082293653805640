internal import ArgumentParser
internal import PandarConfiguration
internal import TaskModel

/// Shows the settings.
struct Config: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the settings and where each comes from.",
        discussion: """
            Examples:
              pandar config show --changed
              pandar config template > pandar.yaml
            """,
        subcommands: [ShowSettings.self, Template.self])

    /// Prints the result of flags, environment, file and defaults.
    struct ShowSettings: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show every setting, its value and its origin; secrets are masked.",
            discussion: "Example: pandar config show --config pandar.yaml --changed")

        @Flag(name: .long, help: "One JSON object a line: {key, value, origin}.")
        var json = false

        @Flag(name: .long, help: "Only what is not a default.")
        var changed = false

        @OptionGroup(title: "Settings") var settings: SettingsOptions

        func run() async throws {
            let rows = try settings.load().rows.filter { !changed || $0.origin != .default }
            let terminal = Terminal.output
            guard !json else { return rows.forEach { terminal.writeLine(Self.json($0)) } }
            var table = Table("SETTING", "VALUE", "ORIGIN")
            for row in rows {
                let colour: Style.Colour? = row.origin == .default ? .dim : nil
                table.rows.append([.init(row.key), .init(row.value), .init("\(row.origin)", colour)])
            }
            let width = terminal.isInteractive ? terminal.width : .max / 2
            for line in table.lines(width: width, style: Style(isOn: terminal.hasColour)) { terminal.writeLine(line) }
        }

        private static func json(_ row: LoadedSettings.Row) -> [UInt8] {
            JSONWriter.bytes(
                of: ["key": .string(row.key), "value": .string(row.value), "origin": .string("\(row.origin)")])
        }
    }

    /// Prints the file with every setting.
    struct Template: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a YAML file with every setting, its default and what is allowed.",
            discussion: "Example: pandar config template > pandar.yaml")

        func run() async throws {
            Terminal.output.write(Array(SettingsTemplate.yaml.utf8))
        }
    }
}
