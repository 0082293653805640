import TaskModel
import TestKit
import Testing

@Suite struct JSONTests {
    @Test("a random value is the same after writing and reading")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<2_000 {
            let value = random(depth: 4, &generator)
            #expect(try JSONParser.parse(JSONWriter.bytes(of: value)) == value)
        }
    }

    private func random(depth: Int, _ generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .integer(Int64.random(in: .min ... .max, using: &generator))
        case 3:
            return .decimal(
                ["1.50", "1e400", "-0", "-0.0", "18446744073709551616"].randomElement(using: &generator) ?? "1.5")
        case 4, 5: return .string(text(&generator))
        case 6: return .array((0..<3).map { _ in random(depth: depth - 1, &generator) })
        default:
            return .object(
                JSONObject(
                    (0..<3).map { .init(name: "\($0)" + text(&generator), value: random(depth: depth - 1, &generator)) }
                ))
        }
    }

    private func text(_ generator: inout SeededGenerator) -> String {
        let scalars: [Unicode.Scalar] = [
            "\0", "\u{1F}", "\"", "\\", "/", "a", "ä", "\u{2028}", "\u{FFFF}", "😀", "\u{301}",
        ]
        var text = ""
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
            if let scalar = scalars.randomElement(using: &generator) { text.unicodeScalars.append(scalar) }
        }
        return text
    }

    @Test(
        "numbers keep their text",
        arguments: ["0", "-0", "1.50", "1E+2", "1e400", "-9223372036854775808", "18446744073709551616"])
    func numbers(text: String) throws {
        #expect(JSONWriter.bytes(of: try JSONParser.parse(text)) == Array(text.utf8))
    }

    @Test(
        "what RFC 8259 does not allow is refused",
        arguments: [
            "01", "+1", "1.", ".5", "1e", "-", "NaN", "Infinity", "tru", "[1,]", "[,1]", "{\"a\":1,}", "{a:1}",
            "{\"a\"}",
            "\"\u{1}\"", "\"\\x\"", "\"\\u12\"", "\"a", "[", "{", "1 2", "\u{FEFF}1", "'a'", "// c\n1",
        ])
    func refused(text: String) {
        #expect(throws: JSONError.self) { try JSONParser.parse(text) }
    }

    @Test("128 levels are read, 129 are not")
    func depth() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try JSONParser.parse(nested(128)) }
        #expect { try JSONParser.parse(nested(129)) } throws: { ($0 as? JSONError)?.code == .tooDeep }
        // Depth is given back when a value closes.
        #expect(throws: Never.self) { try JSONParser.parse("[" + nested(127) + "," + nested(127) + "]") }
    }

    @Test(
        "a duplicate is found among few members and among many", arguments: [2, 24, 25, 46, 47, 48, 49, 50, 60])
    func duplicates(count: Int) {
        for repeated in [0, count / 2, count - 1] {
            let names = (0..<count).map { "m\($0)" } + ["m\(repeated)"]
            let text = "{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}"
            #expect { try JSONParser.parse(text) } throws: { ($0 as? JSONError)?.code == .duplicateMember }
        }
    }
}
