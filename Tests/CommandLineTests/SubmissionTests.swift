import Kafka
import TaskModel
import Testing

@testable import pandar

@Suite("Preparing a request")
struct SubmissionTests {
    private func submission(_ text: String) throws -> Submission {
        try Submission(try #require(JSONParser.parse(text).objectValue), topic: "t")
    }

    @Test("a request without an id gets one, which is its key")
    func generatedID() throws {
        let first = try submission("{\"name\":\"a\",\"command\":\"x\",\"project_id\":1}")
        let second = try submission("{\"name\":\"a\",\"command\":\"x\",\"project_id\":1}")
        #expect(first.id != second.id)
        #expect(first.record.key == Array(first.id.text.utf8))
        let sent = try JSONParser.parse(try #require(first.record.value)).objectValue
        #expect(sent?["task_id"]?.stringValue == first.id.text)
    }

    @Test("an id that is null counts as none")
    func nullID() throws {
        let made = try submission("{\"task_id\":null,\"name\":\"a\",\"command\":\"x\",\"project_id\":1}")
        let sent = try JSONParser.parse(try #require(made.record.value)).objectValue
        #expect(sent?["task_id"]?.stringValue == made.id.text)
    }

    @Test("the concurrency key is the record's key, so that its tasks meet on one partition")
    func concurrencyKey() throws {
        let made = try submission(
            "{\"task_id\":\"i\",\"name\":\"a\",\"command\":\"x\",\"project_id\":1,\"metadata\":{\"concurrency_key\":\"k\"}}"
        )
        #expect(made.record.key == Array("k".utf8))
    }

    @Test("members that Pandar does not know, and the text of numbers, go through unchanged")
    func unknownMembers() throws {
        let text = "{\"task_id\":\"i\",\"name\":\"a\",\"command\":\"x\",\"project_id\":1,\"cost\":1.50,\"big\":1e400}"
        #expect(try submission(text).record.value == Array(text.utf8))
    }

    @Test("what breaks the contract is refused before it is sent")
    func invalid() {
        #expect(throws: ContractViolation.self) { try submission("{\"name\":\"a\",\"project_id\":1}") }
    }
}
