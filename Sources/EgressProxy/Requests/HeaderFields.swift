/// One field of a head.
struct HeaderField: Equatable, Sendable {
    /// As it was written.
    let name: String
    let value: String
    /// In lower case.
    let key: String
}

/// Splits a head into its first line and its fields, strictly: lines end with CRLF, nothing is folded, no name has blanks
/// around it, and no control characters stand anywhere. All that is lenient here is read in another way by somebody else.
enum HeaderFields {
    static let maximumCount = 128

    /// - Returns: nil if a line is not exactly as RFC 9112 has it.
    static func split(_ head: [UInt8]) -> (firstLine: String, fields: [HeaderField])? {
        guard let lines = lines(head), let first = lines.first, lines.count <= maximumCount + 1 else { return nil }
        guard let firstLine = visible(first, allowing: [0x20]) else { return nil }
        var fields: [HeaderField] = []
        for line in lines.dropFirst() {
            guard let field = field(line) else { return nil }
            fields.append(field)
        }
        return (firstLine, fields)
    }

    private static func lines(_ head: [UInt8]) -> [ArraySlice<UInt8>]? {
        var lines: [ArraySlice<UInt8>] = []
        var start = head.startIndex
        var at = start
        while at < head.endIndex {
            switch head[at] {
            case 0x0D:
                guard at + 1 < head.endIndex, head[at + 1] == 0x0A else { return nil }
                lines.append(head[start..<at])
                at += 2
                start = at
            case 0x0A: return nil
            default: at += 1
            }
        }
        lines.append(head[start...])
        return lines
    }

    private static func field(_ line: ArraySlice<UInt8>) -> HeaderField? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else { return nil }
        guard line[..<colon].allSatisfy(isTokenByte) else { return nil }
        let name = String(decoding: line[..<colon], as: UTF8.self)
        var value = line[line.index(after: colon)...]
        while let first = value.first, first == 0x20 || first == 0x09 { value.removeFirst() }
        while let last = value.last, last == 0x20 || last == 0x09 { value.removeLast() }
        // Values may hold any text but control characters; they are passed on as they came, so they must be UTF-8.
        guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else { return nil }
        guard let text = String(validating: value, as: UTF8.self) else { return nil }
        return HeaderField(name: name, value: text, key: name.lowercased())
    }

    /// The bytes as text if all are visible ASCII or among those allowed.
    static func visible(_ bytes: ArraySlice<UInt8>, allowing others: [UInt8] = []) -> String? {
        guard bytes.allSatisfy({ (0x21...0x7E).contains($0) || others.contains($0) }) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
