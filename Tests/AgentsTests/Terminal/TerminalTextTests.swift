@testable import Agents
import TestKit
import Testing

@Suite("A terminal's text")
struct TerminalTextTests {
    private func read(_ text: String) -> (lines: [String], screen: TerminalText) {
        var screen = TerminalText()
        let lines = screen.receive(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
        return (lines, screen)
    }

    @Test("has lines without escape sequences")
    func sequences() {
        let (lines, screen) = read("\u{1B}[1;32mgreen\u{1B}[0m\r\n\u{1B}]0;a title\u{07}b\u{1B}(B\n\u{1B}[?25lend")
        #expect(lines == ["green", "b"])
        #expect(screen.above == ["green", "b"] && screen.current == "end")
    }

    @Test("begins a line anew where the cursor goes back, and not before something is written there")
    func returns() {
        let (lines, screen) = read("10%\r20%\r30%\r")
        #expect(lines == ["10%", "20%"] && screen.above.isEmpty && screen.current == "30%")
        #expect(read("a\u{1B}[2Kb").screen.current == "ab")
        #expect(read("? Name: \u{1B}[9G").screen.current == "? Name: ")
        #expect(read("abc\u{8}\u{8}d").screen.current == "ad")
    }

    @Test("is the same wherever its bytes are split, and bounded")
    func split() {
        var random = SeededGenerator(seed: 7)
        let alphabet = Array("ab\r\n\u{1B}[;1mK]\\\u{07}\u{8}é".utf8)
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in alphabet.randomElement(using: &random)!
            }
            var whole = TerminalText()
            let lines = whole.receive(bytes)
            var split = TerminalText()
            var found: [[UInt8]] = []
            for byte in bytes { found += split.receive([byte]) }
            #expect(split == whole && found == lines)
        }
        var long = TerminalText()
        for _ in 0..<100 { _ = long.receive(Array(repeating: UInt8(ascii: "x"), count: 1000)) }
        #expect(long.current.utf8.count == TerminalText.lineLimit)
        _ = long.receive(Array(repeating: UInt8(ascii: "\n"), count: 1000))
        #expect(long.above.count == TerminalText.keptLines)
    }
}
