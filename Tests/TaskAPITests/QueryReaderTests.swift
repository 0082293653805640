import TaskModel
import Testing

@testable import TaskAPI

@Suite("Reading query parameters")
struct QueryReaderTests {
    @Test("escapes and plus signs are decoded")
    func decoding() throws {
        let query = try QueryReader("search=a+b%2Bc%26d%3D%C3%A4&x")
        #expect(try query.text("search", limit: 100) == "a b+c&d=ä")
    }

    @Test("a broken escape names the parameter", arguments: ["%", "%4", "%zz", "%ff", "%C3", "%+1"])
    func brokenEscape(value: String) throws {
        let problem = try #require(throws: Problem.self) { try QueryReader("search=\(value)") }
        #expect(problem.parameter == "search")
    }

    @Test("a parameter that stands twice is refused, as readers would choose differently")
    func twice() throws {
        let problem = try #require(throws: Problem.self) { try QueryReader("page=1&page=2") }
        #expect(problem.parameter == "page")
    }

    @Test("an empty value counts as absent, and unknown parameters are ignored")
    func emptyAndUnknown() throws {
        let query = try QueryReader("page=&status=&nonsense=1&&")
        #expect(try query.integer("page", 1...10) == nil)
        #expect(try query.choice("status", TaskStatus.self) == nil)
    }

    @Test("limits hold at their edges")
    func limits() throws {
        #expect(try QueryReader("limit=1").limit(default: 10) == 1)
        #expect(try QueryReader("limit=100").limit(default: 10) == 100)
        #expect(try QueryReader("").limit(default: 10) == 10)
        for text in ["0", "101", "-1", "1.5", "ten", "99999999999999999999", " 1", "0x10"] {
            let problem = try #require(throws: Problem.self) { try QueryReader("limit=\(text)").limit(default: 10) }
            #expect(problem.parameter == "limit")
            #expect(problem.detail.contains("from 1 to 100"))
        }
    }

    @Test("a NUL character is refused")
    func nul() {
        #expect(throws: Problem.self) { try QueryReader("q=a%00b").text("q", limit: 10) }
    }
}
