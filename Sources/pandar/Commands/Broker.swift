internal import ArgumentParser
internal import Kafka
internal import PandarConfiguration
internal import TaskModel

/// Runs the embedded broker on its own.
struct Broker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the embedded broker on its own, for development: in memory, without transactions.",
        discussion: """
            Prints {"event":"ready","bootstrap":"HOST:PORT", …} once clients can connect, and runs until SIGTERM or
            SIGINT. Everything it holds is gone when it ends.

            Example: pandar broker --listen 127.0.0.1:9092
            """)

    @Option(name: .long, help: "HOST:PORT on loopback; port 0 takes any.")
    var listen = "127.0.0.1:0"

    @OptionGroup(title: "Settings") var settings: SettingsOptions

    func run() async throws {
        let client = ClientSettings(settings: try settings.load().settings, service: nil)
        let signals = TerminationSignals()
        let broker = try EmbeddedBroker(
            topics: client.layout.partitionCounts, listen: try EmbeddedAddress(listen).pair, logger: client.logger)
        ReadyLine(bootstrap: broker.bootstrap, isEmbedded: true).announce()
        await signals.first()
        withExtendedLifetime(broker) {}
    }
}

extension TopicLayout {
    /// The topics with their partitions, as the embedded broker takes them.
    var partitionCounts: [String: Int32] {
        Dictionary(definitions.map { ($0.name, $0.partitions) }) { first, _ in first }
    }
}
