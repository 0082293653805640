import TaskModel
import Testing

@Suite struct DeadLetterTests {
    private let violation = ContractViolation(.invalidJSON, "Not JSON.")

    @Test("the original headers come first, byte for byte, also doubled, empty and not UTF-8")
    func bytes() {
        let headers = [EventHeader("a", [0xFF]), EventHeader("a", nil), EventHeader("", []), EventHeader("ä", "1")]
        let record = InboundRecord.test([], headers: headers)
        let letter = DeadLetter.headers(for: record, group: "g", violation: violation, at: Timestamp(milliseconds: 0))
        #expect(Array(letter.prefix(4)) == headers)
        #expect(DeadLetter.original(letter) == headers)
        #expect(DeadLetter.field("topic", in: letter) == "pandar.task-requests")
        #expect(DeadLetter.field("partition", in: letter) == "3")
        #expect(DeadLetter.field("offset", in: letter) == "42")
        #expect(DeadLetter.field("group", in: letter) == "g")
        #expect(DeadLetter.field("reason", in: letter) == "invalid_json")
        #expect(DeadLetter.field("message", in: letter) == "Not JSON.")
        #expect(DeadLetter.field("first-failure-time", in: letter) == "1970-01-01T00:00:00.000Z")
    }

    @Test("what is replayed and fails again keeps the time of its first failure")
    func replay() {
        let first = DeadLetter.headers(
            for: .test([], headers: [EventHeader(InboundRecord.routedHeader, "t/0/1")]), group: "g",
            violation: violation, at: Timestamp(milliseconds: 0))
        let replayed = DeadLetter.replayHeaders(first)
        #expect(replayed.map(\.name) == ["__dlq.errors.first-failure-time"])
        let second = DeadLetter.headers(
            for: .test([], headers: replayed), group: "g", violation: violation, at: Timestamp(milliseconds: 9_000))
        #expect(DeadLetter.field("first-failure-time", in: second) == "1970-01-01T00:00:00.000Z")
        #expect(second.count { $0.name == "__dlq.errors.first-failure-time" } == 1)
    }
}
