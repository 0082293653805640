import Kafka
import TaskModel
import Testing

@testable import pandar

@Suite("Dead letters")
struct DeadLetterTests {
    private func entry(topic: String?, value: [UInt8] = Array("{".utf8)) -> DeadLetterEntry {
        var headers = [
            KafkaHeader(name: "traceparent", value: Array("00-a".utf8)), KafkaHeader(name: "blob", value: [0xFF]),
            KafkaHeader(name: "pandar-routed-from", value: Array("t/1/2".utf8)),
            KafkaHeader(name: "__dlq.errors.reason", value: Array("invalid_json".utf8)),
            KafkaHeader(name: "__dlq.errors.first-failure-time", value: Array("then".utf8)),
        ]
        if let topic { headers.append(KafkaHeader(name: "__dlq.errors.topic", value: Array(topic.utf8))) }
        return DeadLetterEntry(
            KafkaRecord(
                topic: "dlq", partition: 2, offset: 17, timestampMs: 0, key: [0x80], value: value, headers: headers))
    }

    @Test("a replay has the original key, value and headers, and keeps the time of the first failure")
    func replay() throws {
        let record = try entry(topic: "requests").replay(reason: "why")
        #expect(record.topic == "requests")
        #expect(record.partition == nil)
        #expect(record.key == [0x80])
        #expect(record.value == Array("{".utf8))
        #expect(
            record.headers.map(\.name)
                == ["traceparent", "blob", "__dlq.errors.first-failure-time", "pandar-replay-reason"])
    }

    @Test("one that does not say where it came from cannot be replayed")
    func noTopic() {
        let error = #expect(throws: CommandError.self) { try entry(topic: nil).replay(reason: nil) }
        #expect(error?.message.contains("2:17") == true)
    }

    @Test("bytes that are no text are shown in base 64")
    func binary() throws {
        let object = try JSONParser.parse(entry(topic: "t", value: [0xFE, 0xFF]).json).objectValue
        #expect(object?["place"] == "2:17")
        #expect(object?["reason"] == "invalid_json")
        #expect(object?["value_base64"] == "/v8=")
        #expect(object?["value"] == nil)
    }
}
