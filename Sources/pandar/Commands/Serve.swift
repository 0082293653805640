internal import ArgumentParser
internal import PandarConfiguration

/// Runs the service.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the service: take in requests, run tasks, keep the cache, serve HTTP.",
        discussion: """
            Prints {"event":"ready","bootstrap":…,"http":…,"instance":…,"pid":…} on stdout once it takes in requests;
            logs go to stderr. The first SIGTERM or SIGINT lets running attempts finish for shutdown.drain_seconds, a second
            ends it at once and still loses nothing.

            Examples:
              pandar serve --embedded-broker --http 127.0.0.1:8100
              pandar serve --config /etc/pandar/pandar.yaml
              PANDAR_KAFKA_BOOTSTRAP_SERVERS=kafka:9092 pandar serve
            """)

    @Option(
        name: .long, defaultAsFlag: "127.0.0.1:0",
        help: ArgumentHelp("Run a broker in this process, for trying out and development.", valueName: "host:port"))
    var embeddedBroker: String?

    @Option(name: .long, help: "HOST:PORT of the HTTP server (http.listen); port 0 takes any.")
    var http: String?

    @Option(name: .long, help: "Attempts that run at once (runner.slots).")
    var slots: Int?

    @Option(name: .long, help: "The least severe messages that are logged (log.level).")
    var logLevel: String?

    @OptionGroup(title: "Settings") var settings: SettingsOptions

    func run() async throws {
        let loaded = try settings.load(flags)
        let embedded = try embeddedBroker.map { text throws(CommandError) in try EmbeddedAddress(text) }
        try await ServiceRun(loaded.settings, embedded: embedded).run()
    }

    private var flags: [SettingsFlag] {
        let given: [(String, String?, String)] = [
            ("http.listen", http, "--http"), ("runner.slots", slots.map { String($0) }, "--slots"),
            ("log.level", logLevel, "--log-level"),
        ]
        return given.compactMap { key, value, flag in value.map { SettingsFlag(key: key, value: $0, flag: flag) } }
    }
}
