/// One word of a command that is judged.
struct CommandWord: Sendable {
    let bytes: [UInt8]
    /// Whether only a shell knows it, or a part of it.
    let isDynamic: Bool
    /// In small letters, and as a path without detours where it has some.
    let folded: [UInt8]
    /// The bytes of `folded`.
    let present: ByteSet

    init(_ bytes: [UInt8], isDynamic: Bool = false) {
        self.bytes = bytes
        self.isDynamic = isDynamic
        folded = Self.folded(bytes)
        present = ByteSet(folded)
    }

    init(_ text: String) {
        self.init(Array(text.utf8))
    }

    /// A word that nobody knows.
    static let unknown = CommandWord([], isDynamic: true)

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var isOption: Bool { bytes.count > 1 && bytes[0] == UInt8(ascii: "-") }

    /// `NAME=VALUE`.
    var isAssignment: Bool {
        guard let place = bytes.firstIndex(of: UInt8(ascii: "=")), place > 0, !ASCII.isDigit(bytes[0]) else {
            return false
        }
        return bytes[..<place].allSatisfy { $0 < 0x80 && ASCII.isWord($0) }
    }

    private static func folded(_ bytes: [UInt8]) -> [UInt8] {
        var small = bytes
        var detours = false
        var last: UInt8 = 0
        for index in small.indices {
            let byte = ASCII.lowercased(small[index])
            small[index] = byte
            if last == UInt8(ascii: "/"), byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".") { detours = true }
            last = byte
        }
        return detours ? withoutDetours(small) : small
    }

    /// `of=/./dev/../dev//sda` names `/dev/sda` too.
    private static func withoutDetours(_ bytes: [UInt8]) -> [UInt8] {
        var parts: [ArraySlice<UInt8>] = []
        for (index, part) in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).enumerated() {
            switch part {
            case [] where index > 0, [UInt8(ascii: ".")] where index > 0: continue
            case [UInt8(ascii: "."), UInt8(ascii: ".")] where index > 0:
                if parts.count > 1 { parts.removeLast() }
            default: parts.append(part)
            }
        }
        if parts.count == 1, parts[0].isEmpty || parts[0].last == UInt8(ascii: "=") { parts.append([]) }
        return Array(parts.joined(separator: [UInt8(ascii: "/")]))
    }
}
