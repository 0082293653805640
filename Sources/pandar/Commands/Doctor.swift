internal import ArgumentParser
internal import PandarConfiguration

/// Looks whether everything is there that a service needs.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check broker, topics, clock, data directory, limits, sandbox and agents; say what to do.",
        discussion: """
            Exits with 1 when something fails; warnings alone exit with 0.

            Example: pandar doctor --config /etc/pandar/pandar.yaml
            """)

    @Flag(name: .long, help: "One JSON object a line: {verdict, subject, detail, remedy}.")
    var json = false

    @OptionGroup(title: "Settings") var settings: SettingsOptions

    func run() async throws {
        let client = try settings.client()
        let findings =
            BrokerDiagnosis.findings(client) + HostDiagnosis.findings(client.settings)
            + [await AuthorityDiagnosis.finding(client.settings.auth)]
        let terminal = Terminal.output
        for finding in findings {
            if json {
                terminal.writeLine(finding.json)
            } else {
                terminal.writeLine(finding.line(Style(isOn: terminal.hasColour)))
            }
        }
        if findings.contains(where: { $0.verdict == .fail }) { throw CommandError.ending(.failed) }
    }
}
