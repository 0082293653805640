import TaskModel
import Testing

@testable import pandar

@Suite("Reading requests from stdin")
struct RequestLinesTests {
    private func read(_ text: String) throws -> [RequestLines.Entry] {
        try RequestLines.read(Array(text.utf8))
    }

    @Test("one object a line, blank lines are passed over, lines are counted from 1")
    func lines() throws {
        let entries = try read("{\"name\":\"a\"}\n\n  \r\n{\"name\":\"b\"}\n")
        #expect(entries.map(\.line) == [1, 4])
        #expect(entries.map { $0.object["name"] } == ["a", "b"])
    }

    @Test("one object over many lines is one request")
    func prettyPrinted() throws {
        let entries = try read("\n{\n  \"name\": \"a\",\n  \"metadata\": {\n  }\n}\n")
        #expect(entries.count == 1)
        #expect(entries.first?.line == 2)
    }

    @Test("an array of objects is many requests")
    func array() throws {
        #expect(try read("[{\"name\":\"a\"},{\"name\":\"b\"}]").count == 2)
    }

    @Test("a line that is no object is named by its number", arguments: ["{\"a\":1}\nnonsense", "{\"a\":1}\n[1]\n"])
    func badLine(text: String) {
        let error = #expect(throws: CommandError.self) { try read(text) }
        #expect(error?.status == .badInput)
        #expect(error?.message.hasPrefix("Line 2 ") == true)
    }

    @Test("an array that holds something else names the element")
    func badElement() {
        let error = #expect(throws: CommandError.self) { try read("[{}, 3]") }
        #expect(error?.message == "Element 2 of the array must be an object, but is an integer.")
    }
}
