internal import Foundation
internal import Kafka
internal import TaskModel

/// A request that has been checked and is ready to be written.
struct Submission: Hashable {
    let id: TaskID
    let name: String
    let record: OutgoingRecord

    /// Checks `object` and gives it an id if it has none. What is sent is what was given: members that Pandar does not
    /// know and the text of numbers stay as they are.
    init(_ object: JSONObject, topic: String) throws(ContractViolation) {
        let request = try TaskRequest(object)
        var members = object.members
        let id: TaskID
        if let given = request.taskID {
            id = given
        } else {
            guard let generated = TaskID(UUID().uuidString.lowercased()) else {
                throw ContractViolation(.invalidTaskID, "No task id could be made; give one with --id.")
            }
            id = generated
            members.removeAll { $0.name == "task_id" }
            members.insert(.init(name: "task_id", value: .string(id.text)), at: 0)
        }
        self.id = id
        name = request.name
        let key = request.metadata.concurrencyKey ?? id.text
        record = OutgoingRecord(
            topic: topic, key: Array(key.utf8), value: JSONWriter.bytes(of: .object(JSONObject(members))),
            headers: [KafkaHeader(name: "content-type", value: Array("application/json".utf8))])
    }
}
