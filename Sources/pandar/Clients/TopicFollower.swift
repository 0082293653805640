internal import Kafka
internal import Logging
internal import PandarConfiguration
internal import TaskModel

/// Reads topics as an asynchronous sequence, from a place that is fixed before the first record is awaited.
struct TopicFollower: Sendable {
    enum Start: Sendable {
        case beginning, now
    }

    /// What comes, in order per partition.
    let events: AsyncStream<ReaderEvent>
    /// The ends of the partitions when reading began; empty partitions are left out.
    let ends: [TopicPartition: Int64]
    private let reader: TopicReader

    init(_ client: ClientSettings, topics: [String], from start: Start) throws {
        let admin = try client.admin()
        let partitions = try Self.partitions(of: topics, admin)
        var starts: [TopicPartition: StartOffset] = [:]
        var ends: [TopicPartition: Int64] = [:]
        for partition in partitions {
            let watermarks = try admin.watermarks(partition)
            // "The end" would be looked up later, after what is awaited may have been written.
            starts[partition] = start == .now ? .offset(watermarks.high) : .offset(watermarks.low)
            if watermarks.high > watermarks.low { ends[partition] = watermarks.high }
        }
        self.ends = ends
        let (stream, continuation) = AsyncStream.makeStream(of: ReaderEvent.self)
        events = stream
        reader = try TopicReader(client.settings.kafka.client, start: starts, logger: client.logger) {
            continuation.yield($0)
        }
    }

    /// The ends of the partitions of `topics` at this moment.
    static func ends(_ client: ClientSettings, topics: [String]) throws -> [TopicPartition: Int64] {
        let admin = try client.admin()
        var ends: [TopicPartition: Int64] = [:]
        for partition in try partitions(of: topics, admin) {
            let watermarks = try admin.watermarks(partition)
            if watermarks.high > watermarks.low { ends[partition] = watermarks.high }
        }
        return ends
    }

    /// Stops reading.
    func close() {
        reader.close()
    }

    private static func partitions(of topics: [String], _ admin: Admin) throws -> [TopicPartition] {
        let known = try admin.metadata().topics
        return try topics.flatMap { topic in
            guard let metadata = known[topic] else {
                throw CommandError(
                    .unavailable, "The topic \(topic) does not exist; create the topics with `pandar topics apply`.")
            }
            return (0..<metadata.partitions).map { TopicPartition(topic: topic, partition: $0) }
        }
    }
}
