import ArgumentParser
import Kafka
import Logging
import TaskModel

/// The embedded broker, until standard input ends. Prints where it is to be reached.
struct BrokerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "broker", shouldDisplay: false)

    @Option var partitions: Int32
    @Option var prefix: String

    func run() throws {
        let layout = TopicLayout(prefix: prefix, partitions: partitions)
        let topics = Dictionary(layout.definitions.map { ($0.name, $0.partitions) }) { first, _ in first }
        let broker = try EmbeddedBroker(topics: topics, logger: Console.logger)
        Console.say(broker.bootstrap)
        while readLine() != nil {}
        withExtendedLifetime(broker) {}
    }
}
