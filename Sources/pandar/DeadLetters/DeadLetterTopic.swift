internal import Kafka
internal import TaskModel

/// Reads the dead-letter topic.
enum DeadLetterTopic {
    /// Hands everything that the topic holds at this moment to `body`, in order per partition.
    static func read(_ client: ClientSettings, _ body: (DeadLetterEntry) throws -> Void) async throws {
        let follower = try TopicFollower(client, topics: [client.layout.deadLetters], from: .beginning)
        defer { follower.close() }
        var positions = Positions()
        guard !follower.ends.isEmpty else { return }
        for await event in follower.events {
            positions.note(event)
            switch event {
            case .records(let records):
                for record in records where record.offset < follower.end(of: record) {
                    try body(DeadLetterEntry(record))
                }
            case .failed(let error): throw error
            case .end: break
            }
            if positions.reached(follower.ends) { return }
        }
    }

    /// The one at `place` (`PARTITION:OFFSET`).
    static func entry(_ place: String, _ client: ClientSettings) async throws -> DeadLetterEntry {
        let parts = place.split(separator: ":")
        guard parts.count == 2, Int32(parts[0]) != nil, Int64(parts[1]) != nil else {
            throw CommandError(
                .usage, "\(place) names no dead letter: give PARTITION:OFFSET as `pandar dead-letters list` shows it.")
        }
        var found: DeadLetterEntry?
        try await read(client) { entry in
            if entry.place == place { found = entry }
        }
        guard let found else {
            throw CommandError(
                .notFound, "There is no dead letter at \(place); it may have reached the end of its retention.")
        }
        return found
    }
}

extension TopicFollower {
    /// The end of the record's partition when reading began.
    func end(of record: KafkaRecord) -> Int64 {
        ends[TopicPartition(topic: record.topic, partition: record.partition)] ?? 0
    }
}
