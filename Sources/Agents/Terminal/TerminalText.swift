/// A terminal's output as lines of text: without escape sequences, and begun anew where the cursor goes back.
struct TerminalText: Hashable, Sendable {
    /// Bytes of a line that are kept: the first of them.
    static let lineLimit = LinePattern.lineLimit
    /// Finished lines that are kept, for what stands above a prompt.
    static let keptLines = 40

    private enum State: Hashable {
        case text
        case escape
        /// After `ESC [`, until a final byte.
        case control
        /// After `ESC ]` and its like, until BEL or `ESC \`.
        case string
        case stringEscape
        /// One more byte belongs to it.
        case last
    }

    /// The last finished lines, oldest first.
    private(set) var above: [String] = []
    private var line: [UInt8] = []
    private var state = State.text
    /// The cursor has gone back: what comes next stands in place of the line.
    private var returned = false

    /// What stands after the last line's end.
    var current: String { String(decoding: line, as: UTF8.self) }

    /// - Returns: the lines that are complete with `bytes`, also those that are overwritten: progress is told that way.
    mutating func receive(_ bytes: some Sequence<UInt8>) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for byte in bytes {
            switch state {
            case .text: take(byte, &lines)
            case .escape:
                state =
                    switch byte {
                    case UInt8(ascii: "["): .control
                    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"), UInt8(ascii: "X"):
                        .string
                    case 0x20...0x2F: .last
                    default: .text
                    }
            case .control where (0x40...0x7E).contains(byte):
                state = .text
                // Up, down, to a column or a place.
                if "ABEFGHdf".utf8.contains(byte) { returned = true }
            case .control: break
            case .string: if byte == 0x07 { state = .text } else if byte == 0x1B { state = .stringEscape }
            case .stringEscape: state = byte == UInt8(ascii: "\\") ? .text : .string
            case .last: state = .text
            }
        }
        return lines
    }

    private mutating func take(_ byte: UInt8, _ lines: inout [[UInt8]]) {
        switch byte {
        case 0x1B: state = .escape
        case UInt8(ascii: "\n"):
            above.append(current)
            if above.count > Self.keptLines { above.removeFirst() }
            end(&lines)
        case UInt8(ascii: "\r"): returned = true
        case 0x08: if !line.isEmpty { line.removeLast() }
        case UInt8(ascii: "\t"), 0x20...0x7E, 0x80...0xFF:
            if returned { end(&lines) }
            if line.count < Self.lineLimit { line.append(byte == UInt8(ascii: "\t") ? UInt8(ascii: " ") : byte) }
        default: break
        }
    }

    private mutating func end(_ lines: inout [[UInt8]]) {
        if !line.isEmpty { lines.append(line) }
        line.removeAll(keepingCapacity: true)
        returned = false
    }
}
