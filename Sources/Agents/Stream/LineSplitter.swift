/// Cuts a program's output into lines. Bytes come in pieces that are split anywhere; lines may be long, for agents put
/// whole files into one.
public struct LineSplitter: Sendable {
    /// The longest line that is kept, in bytes. Claude's own limit for what a tool gives is far below.
    public static let defaultLimit = 16 << 20

    /// One line, without its end.
    public enum Line: Hashable, Sendable {
        /// Begins with `{`: a frame of the protocol, as far as one can tell.
        case frame([UInt8])
        /// Anything else that a program writes to its standard output.
        case plain(String)
        /// Was longer than the limit, by its number of bytes.
        case dropped(Int)
    }

    private let limit: Int
    private var line: [UInt8] = []
    /// The bytes of the line under way that are not kept.
    private var lost = 0

    public init(limit: Int = defaultLimit) {
        self.limit = limit
    }

    /// The lines that are complete with `bytes`.
    public mutating func receive(_ bytes: some Collection<UInt8>) -> [Line] {
        var lines: [Line] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            take(rest[..<end])
            if let line = cut() { lines.append(line) }
            rest = rest[rest.index(after: end)...]
        }
        take(rest)
        return lines
    }

    /// What stands after the last line's end, when nothing more comes.
    public mutating func finish() -> Line? { cut() }

    private mutating func take(_ piece: some Collection<UInt8>) {
        if lost == 0, line.count + piece.count <= limit {
            line.append(contentsOf: piece)
        } else {
            lost += line.count + piece.count
            line = []
        }
    }

    private mutating func cut() -> Line? {
        defer {
            line = []
            lost = 0
        }
        if lost > 0 { return .dropped(lost) }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        if line.isEmpty { return nil }
        return line[0] == UInt8(ascii: "{") ? .frame(line) : .plain(String(decoding: line, as: UTF8.self))
    }
}
