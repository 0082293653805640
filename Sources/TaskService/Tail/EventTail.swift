internal import Kafka
internal import Logging
internal import TaskCache
internal import TaskModel

/// Follows what tasks print and what people are told, so that HTTP and the command line can show it. Nothing depends on
/// it: what cannot be kept is logged and left out.
final class EventTail: Sendable {
    private let kinds: [String: CachedEvent.Kind]
    private let cache: TaskCache
    private let logger: Logger

    init(layout: TopicLayout, cache: TaskCache, logger: Logger) {
        kinds = [layout.output: .output, layout.notifications: .notification]
        self.cache = cache
        self.logger = logger
    }

    /// Where reading goes on: after what the cache holds, from the beginning where it holds nothing.
    func start(partitions: Int32) throws -> [TopicPartition: StartOffset] {
        let positions = try cache.eventPositions()
        var start: [TopicPartition: StartOffset] = [:]
        for (topic, kind) in kinds {
            for partition in 0..<partitions {
                let offset = positions[EventPlace(kind: kind, partition: partition)]
                start[TopicPartition(topic: topic, partition: partition)] = offset.map { .offset($0) } ?? .beginning
            }
        }
        return start
    }

    func received(_ records: [KafkaRecord]) {
        let events = records.compactMap { record in
            kinds[record.topic].map {
                CachedEvent(kind: $0, partition: record.partition, offset: record.offset, value: record.value)
            }
        }
        do {
            try cache.fold(events)
        } catch {
            logger.warning("output and notifications cannot be cached", metadata: ["error": "\(error)"])
        }
    }
}
