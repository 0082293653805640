import TaskRunner
import TestKit
import Testing

@Suite("Bytes become text piece by piece")
struct UTF8ChunkerTests {
    private func decode(_ pieces: some Sequence<some Collection<UInt8>>) -> [UInt8] {
        var chunker = UTF8Chunker()
        var text: [UInt8] = []
        for piece in pieces { text += Array(chunker.decode(piece).utf8) }
        return text + Array(chunker.finish().utf8)
    }

    @Test("Every split of a text in two gives the text", arguments: ["é€🐼e\u{301}👩‍👩‍👧", "plain", "\u{0}\r\n"])
    func everySplit(text: String) {
        let bytes = Array(text.utf8)
        for place in 0...bytes.count { #expect(decode([bytes[..<place], bytes[place...]]) == bytes) }
    }

    @Test("A character that is cut in two is held over")
    func heldOver() {
        var chunker = UTF8Chunker()
        #expect(chunker.decode([0x61, 0xF0, 0x9F, 0x90]) == "a")
        #expect(chunker.decode([0xBC, 0x62]) == "🐼b")
        #expect(chunker.finish() == "")
    }

    @Test("What never becomes a character comes out as U+FFFD at the end")
    func unfinished() {
        var chunker = UTF8Chunker()
        #expect(chunker.decode([0x61, 0xE2, 0x82]) == "a")
        #expect(chunker.finish() == "\u{FFFD}")
        #expect(chunker.finish() == "")
    }

    @Test("Any split of any bytes gives the same text as the whole", arguments: 0..<50)
    func anySplit(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bytes = generator.printed(count: Int.random(in: 0...400, using: &generator))
        let whole = Array(String(decoding: bytes, as: UTF8.self).utf8)
        for longest in [1, 2, 3, 7, 100] {
            let pieces = generator.pieces(of: bytes, longest: longest)
            #expect(decode(pieces) == whole, "bytes \(bytes) cut in \(pieces.map(\.count))")
        }
    }
}
