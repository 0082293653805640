/// Turns bytes into text piece by piece. A character that is cut in two by the border of a piece is held over to the
/// next; bytes that are no UTF-8 become U+FFFD.
public struct UTF8Chunker: Sendable {
    private var held: [UInt8] = []

    public init() {}

    /// The text that is certain after `bytes`.
    public mutating func decode(_ bytes: some Collection<UInt8>) -> String {
        let all = held + bytes
        let complete = all.count - Self.incompleteSuffix(of: all)
        held = Array(all[complete...])
        return String(decoding: all[..<complete], as: UTF8.self)
    }

    /// What was held over, when no more bytes come.
    public mutating func finish() -> String {
        defer { held = [] }
        return String(decoding: held, as: UTF8.self)
    }

    /// How many bytes at the end begin a character that is not complete (0–3).
    private static func incompleteSuffix(of bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let byte = bytes[bytes.count - length]
            let needed =
                switch byte {
                case 0xC2...0xDF: 2
                case 0xE0...0xEF: 3
                case 0xF0...0xF4: 4
                default: 0
                }
            if needed > 0 {
                guard needed > length, isPrefix(bytes.suffix(length)) else { return 0 }
                return length
            }
            // Not a continuation byte: nothing before it can be incomplete.
            if byte & 0xC0 != 0x80 { return 0 }
        }
        return 0
    }

    /// Whether the bytes can be the beginning of a character: some second bytes are never legal.
    private static func isPrefix(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, bytes.count > 1 else { return true }
        let second = bytes[bytes.startIndex + 1]
        return switch first {
        case 0xE0: (0xA0...0xBF).contains(second)
        case 0xED: (0x80...0x9F).contains(second)
        case 0xF0: (0x90...0xBF).contains(second)
        case 0xF4: (0x80...0x8F).contains(second)
        default: (0x80...0xBF).contains(second)
        }
    }
}
