internal import Kafka
internal import Logging
internal import PandarConfiguration
internal import TaskModel

extension ClientSettings {
    var layout: TopicLayout {
        TopicLayout(prefix: settings.kafka.topicPrefix, partitions: Int32(settings.kafka.partitions))
    }

    /// Quiet: what goes wrong comes as an error of the call, and is said once.
    var logger: Logger {
        var logger = Logger(label: "pandar") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .critical
        return logger
    }

    func admin() throws -> Admin {
        try Admin(settings.kafka.client, logger: logger)
    }

    func producer() throws -> Producer {
        var client = settings.kafka.client
        let partitioner = settings.kafka.partitioner == .crc32 ? "consistent_random" : "murmur2_random"
        if client.properties["partitioner"] == nil { client.properties["partitioner"] = partitioner }
        return try Producer(client, lingerMs: 5, logger: logger)
    }

    /// Writes records and waits until the broker has them.
    func publish(_ records: [OutgoingRecord], seconds: Double = 30) throws {
        // Asked first, an unreachable broker is told in words, and at once; a topic that is missing as well.
        let known = try admin().metadata(seconds: 5).topics
        for topic in Set(records.map(\.topic)) where known[topic] == nil {
            throw CommandError(
                .unavailable, "The topic \(topic) does not exist; create the topics with `pandar topics apply`.")
        }
        let producer = try producer()
        try producer.sendAndWait(records, seconds: seconds)
        producer.close()
    }
}
