import Foundation
import Kafka
import TaskModel
import Testing

/// The corpus of bad and of unusual input that the model's tests go by, as records for the wire.
struct CorpusRecord: Sendable {
    let name: String
    let channel: InboundRecord.Channel
    let value: [UInt8]?
    /// `accepted` or the dead letter's reason.
    let expected: String

    static func all() throws -> [CorpusRecord] {
        let folder = Programs.repository.appendingPathComponent("Tests/TaskModelTests/Corpus")
        let index = try JSONParser.parse([UInt8](Data(contentsOf: folder.appendingPathComponent("index.json"))))
        return try (index.arrayValue ?? []).map { entry in
            let entry = try #require(entry.objectValue)
            let channel = try #require(entry["channel"]?.stringValue)
            let value = try entry["file"]?.stringValue.map {
                [UInt8](try Data(contentsOf: folder.appendingPathComponent($0)))
            }
            return CorpusRecord(
                name: try #require(entry["name"]?.stringValue),
                channel: try #require(InboundRecord.Channel(rawValue: channel)), value: value,
                expected: try #require(entry["expect"]?.stringValue))
        }
    }

    /// What becomes of it on a service that knows none of its tasks: an action or decision that is well formed is
    /// refused all the same, and a report of an attempt that nobody runs is ignored.
    var fate: String {
        guard expected == "accepted", let value, let object = try? JSONParser.parse(value).objectValue else {
            return expected
        }
        switch channel {
        case .requests: return object["action"] == nil ? "accepted" : "unknown_task"
        case .confirmations: return "unknown_task"
        case .reports: return "ignored"
        }
    }
}

extension TopicLayout {
    func topic(_ channel: InboundRecord.Channel) -> String {
        switch channel {
        case .requests: requests
        case .confirmations: confirmations
        case .reports: reports
        }
    }
}
