internal import Kafka
internal import TaskModel

/// Something that happened to a task, as it came from a topic.
struct WatchEvent: Hashable {
    enum Kind: String, Sendable {
        case status, progress, output, notification
    }

    let kind: Kind
    let taskID: String
    let value: JSONObject
    let at: Timestamp

    /// `nil` for what tells of no task: ownership records, tombstones, records that cannot be read.
    init?(_ record: KafkaRecord, layout: TopicLayout) {
        switch record.topic {
        case layout.status: kind = .status
        case layout.progress: kind = .progress
        case layout.output: kind = .output
        case layout.notifications: kind = .notification
        default: return nil
        }
        guard let bytes = record.value, let object = try? JSONParser.parse(bytes).objectValue,
            let id = object["task_id"]?.stringValue
        else { return nil }
        taskID = id
        value = object
        at = Timestamp(milliseconds: record.timestampMs)
    }

    /// The state that a status event tells.
    var status: TaskStatus? {
        kind == .status ? value["status"]?.stringValue.flatMap(TaskStatus.init(rawValue:)) : nil
    }

    var order: RecordOrder {
        RecordOrder(epoch: value["epoch"]?.integerValue ?? 0, version: value["version"]?.integerValue ?? 0)
    }

    var attempt: Int64 { value["attempt"]?.integerValue ?? 0 }

    /// One line of JSON: `{"type", "task_id", "at", "value"}`.
    var json: [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        writer.object {
            $0.name("type")
            $0.string(kind.rawValue)
            $0.name("task_id")
            $0.string(taskID)
            $0.optional("at", at)
            $0.name("value")
            $0.value(.object(value))
        }
        return writer.bytes
    }
}
