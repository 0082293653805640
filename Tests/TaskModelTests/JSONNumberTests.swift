import TaskModel
import Testing

@Suite struct JSONNumberTests {
    @Test(
        "whole numbers are read exactly up to the ends of 64 bits",
        arguments: [
            "0", "7", "-1", "999999999999999999", "-999999999999999999", "1000000000000000000", "9223372036854775807",
            "-9223372036854775808",
        ])
    func whole(text: String) throws {
        #expect(try JSONParser.parse(text) == .integer(try #require(Int64(text))))
    }

    @Test(
        "what is no whole number of 64 bits keeps its text",
        arguments: ["-0", "1.0", "1e3", "9223372036854775808", "-9223372036854775809"])
    func decimal(text: String) throws {
        #expect(try JSONParser.parse(text) == .decimal(text))
    }

    @Test("names that only look alike in bytes are one name, however they are written")
    func equalNames() {
        let names = ["a\u{e9}", "ae\u{301}"]
        let text = "{\"\(names[0])\":1,\"b\":2,\"\(names[1])\":3}"
        #expect { try JSONParser.parse(text) } throws: { ($0 as? JSONError)?.code == .duplicateMember }
    }
}
