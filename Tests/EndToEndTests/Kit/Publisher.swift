import Foundation
import Kafka
import TaskModel

/// Writes to the input topics with the repository's own client.
struct Publisher: Sendable {
    let layout: TopicLayout
    private let producer: Producer

    init(_ bed: TestBed, _ cluster: Cluster) throws {
        layout = cluster.layout
        let producer = try Producer(cluster.kafka, logger: Cluster.logger)
        self.producer = producer
        bed.atEnd { producer.close() }
    }

    func send(_ records: [OutgoingRecord]) async throws {
        let producer = producer
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            // Waits, so it is no work for the few threads that run tests.
            DispatchQueue.global().async {
                continuation.resume(with: Result { try producer.sendAndWait(records, seconds: 60) })
            }
        }
    }

    func request(
        _ id: String, _ command: String, metadata: JSONObject = JSONObject(), further: [String: JSONValue] = [:]
    ) -> OutgoingRecord {
        var object = JSONObject()
        object["task_id"] = .string(id)
        object["name"] = .string(id)
        object["command"] = .string(command)
        object["project_id"] = 1
        if !metadata.isEmpty { object["metadata"] = .object(metadata) }
        for (name, value) in further { object[name] = value }
        return OutgoingRecord(topic: layout.requests, key: Array(id.utf8), value: JSONWriter.bytes(of: .object(object)))
    }

    func submit(_ ids: [String], _ command: String) async throws {
        try await send(ids.map { request($0, command) })
    }
}
