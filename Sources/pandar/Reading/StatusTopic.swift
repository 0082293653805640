internal import Kafka
internal import TaskModel

/// Reads the status topic, where no cache can help.
enum StatusTopic {
    /// The latest snapshot of a task that the topic holds at this moment. Reads all of the topic.
    static func latest(of task: TaskID, _ client: ClientSettings) async throws -> [UInt8]? {
        let follower = try TopicFollower(client, topics: [client.layout.status], from: .beginning)
        defer { follower.close() }
        guard !follower.ends.isEmpty else { return nil }
        let key = Array(task.text.utf8)
        var positions = Positions()
        var latest: (order: RecordOrder, value: [UInt8])?
        for await event in follower.events {
            positions.note(event)
            if case .records(let records) = event {
                for record in records where record.key == key {
                    guard let value = record.value, let event = WatchEvent(record, layout: client.layout) else {
                        continue
                    }
                    if let latest, event.order <= latest.order { continue }
                    latest = (event.order, value)
                }
            }
            if positions.reached(follower.ends) { break }
        }
        return latest?.value
    }
}
