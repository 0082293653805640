internal import Kafka
internal import TaskModel

/// Reads what the topics hold of confirmations at this moment.
enum AuditTopics {
    /// The trails of these tasks, or of all that were ever asked about.
    static func trails(_ client: ClientSettings, tasks: Set<TaskID>?) async throws -> [AuditTrail] {
        let topics = [client.layout.status, client.layout.notifications]
        let follower = try TopicFollower(client, topics: topics, from: .beginning)
        defer { follower.close() }
        var trails: [TaskID: AuditTrail] = [:]
        var owners: [Int32: Int64] = [:]
        var positions = Positions()
        guard !follower.ends.isEmpty else { return [] }
        for await event in follower.events {
            positions.note(event)
            switch event {
            case .records(let records):
                for record in records {
                    if record.topic == client.layout.status, let owner = ownership(record) {
                        owners[record.partition] = max(owner.epoch, owners[record.partition] ?? 0)
                    }
                    guard let (id, take) = entry(record, client.layout, epoch: owners[record.partition] ?? 0),
                        tasks?.contains(id) ?? true
                    else { continue }
                    take(&trails[id, default: AuditTrail(id)])
                }
            case .failed(let error): throw error
            case .end: break
            }
            if positions.reached(follower.ends) { break }
        }
        return trails.values.sorted { $0.task.text < $1.task.text }
    }

    private static func ownership(_ record: KafkaRecord) -> OwnershipRecord? {
        guard record.key == Array(OwnershipRecord.key.utf8), let value = record.value else { return nil }
        return try? OwnershipRecord(json: value)
    }

    /// Whose trail a record belongs to, and what it adds. What a former owner wrote late (`epoch` is the owner's by then)
    /// never counted.
    private static func entry(
        _ record: KafkaRecord, _ layout: TopicLayout, epoch: Int64
    ) -> (TaskID, (inout AuditTrail) -> Void)? {
        guard let value = record.value else { return nil }
        if record.topic == layout.status {
            guard let snapshot = try? TaskSnapshot(json: value), !snapshot.state.confirmations.isEmpty,
                snapshot.state.epoch >= epoch
            else {
                return nil
            }
            return (snapshot.id, { $0.take(snapshot) })
        }
        guard let object = try? JSONParser.parse(value).objectValue,
            let id = object["task_id"]?.stringValue.flatMap({ TaskID($0) }),
            let entry = object["confirmation"]?.objectValue.flatMap({ try? Confirmation($0) }), entry.status != .pending
        else { return nil }
        return (id, { $0.take(entry, notification: object["notification_id"]?.stringValue ?? "") })
    }
}
