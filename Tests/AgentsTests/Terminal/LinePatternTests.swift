@testable import Agents
import TestKit
import Testing

@Suite("A pattern of lines")
struct LinePatternTests {
    private func match(_ pattern: String, _ line: String) throws -> LinePattern.Match? {
        try LinePattern(pattern).match(line.utf8)
    }

    @Test("finds its places anywhere in the line")
    func places() throws {
        #expect(try match("{percent}%", "done: 42.7% of it") == LinePattern.Match(percent: 42))
        #expect(try match("[{done}/{total}]", "  [3/12] Building") == LinePattern.Match(done: 3, total: 12))
        #expect(
            try match("Step {done} of {total}: {step}", "Step 2 of 5:  compile it ")
                == LinePattern.Match(done: 2, total: 5, step: "compile it"))
        #expect(try match("{step} ... ok", "now: link ... ok") == LinePattern.Match(step: "now: link"))
        #expect(try match("a{any}b{any}c{done}", "xa1b2c c7") == LinePattern.Match(done: 7))
        #expect(try match("{{x}", "a {x} b") == LinePattern.Match())
    }

    @Test(
        "is not found where a part is missing, or a number is none",
        arguments: [
            ("{percent}%", "150%"), ("{percent}%", "100.5%"), ("{percent}%", "%"), ("[{done}/{total}]", "[x/12]"),
            ("[{done}/{total}]", "[1234567890/12]"), ("Step {done}:", "Step 1"), ("a{any}b", "b a"), ("x", ""),
        ])
    func absent(pattern: String, line: String) throws {
        #expect(try match(pattern, line) == nil)
    }

    @Test("takes a whole number, and not the end of one")
    func wholeNumbers() throws {
        #expect(try match("{done} files", "120 files") == LinePattern.Match(done: 120))
        #expect(try match("{percent}%", "101% and 7%") == LinePattern.Match(percent: 7))
    }

    /// The slow and certain way: every split of the line is tried.
    private func fits(_ parts: ArraySlice<LinePattern.Part>, _ line: ArraySlice<UInt8>) -> Bool {
        guard let part = parts.first else { return true }
        switch part {
        case .literal(let bytes):
            return line.starts(with: bytes) && fits(parts.dropFirst(), line.dropFirst(bytes.count))
        default: return line.indices.contains { fits(parts.dropFirst(), line[$0...]) } || fits(parts.dropFirst(), [])
        }
    }

    @Test("agrees with the slow way to look for it")
    func slowWay() throws {
        var random = SeededGenerator(seed: 11)
        var found = 0
        for _ in 0..<5000 {
            let pieces = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                String((0..<Int.random(in: 1...2, using: &random)).map { _ in "ab".randomElement(using: &random)! })
            }
            let pattern = try LinePattern(pieces.joined(separator: "{any}"))
            let line = (0..<Int.random(in: 0...8, using: &random)).map { _ in
                UInt8(ascii: Bool.random(using: &random) ? "a" : "b")
            }
            let expected = (0...line.count).contains { fits(pattern.parts[...], line[$0...]) }
            #expect((pattern.match(line) != nil) == expected, "\(pattern.text) \(line)")
            found += expected ? 1 : 0
        }
        #expect((1000..<4900).contains(found))
    }
}
