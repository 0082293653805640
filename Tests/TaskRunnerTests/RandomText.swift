import TestKit

/// What attempts might print.
extension SeededGenerator {
    /// Bytes as programs print them: text of all lengths of character, cut characters, and noise.
    mutating func printed(count: Int) -> [UInt8] {
        let samples = ["a", "\n", "é", "€", "🐼", "e\u{301}", "\u{0}", "\r\n", "👩‍👩‍👧"]
        var bytes: [UInt8] = []
        while bytes.count < count {
            switch Int.random(in: 0..<8, using: &self) {
            case 0: bytes.append(UInt8.random(in: 0...255, using: &self))
            case 1: bytes += Array(samples.randomElement(using: &self)?.utf8 ?? "".utf8).dropLast()
            case 2:
                bytes += [0xE0, 0x80, 0xED, 0xA0, 0xF4, 0x90, 0xF0, 0x8F].prefix(Int.random(in: 1...8, using: &self))
            default: bytes += Array(samples.randomElement(using: &self)?.utf8 ?? "".utf8)
            }
        }
        return bytes
    }

    /// The bytes cut at random places.
    mutating func pieces(of bytes: [UInt8], longest: Int) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Int.random(in: 1...longest, using: &self))
            pieces.append(bytes[start..<end])
            start = end
        }
        return pieces
    }
}
