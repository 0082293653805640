internal import TaskModel

/// Reads one frame. Agents are JavaScript and Rust programs that cut strings: what cannot be text is replaced by U+FFFD
/// before a whole frame, which may be the one that ends the turn, is given up for it.
enum Frame {
    static func read(_ line: [UInt8]) -> JSONObject? {
        do {
            return try JSONParser.parse(line).objectValue
        } catch {
            guard let mended = mended(line, error.code) else { return nil }
            return try? JSONParser.parse(mended).objectValue
        }
    }

    static func line(_ value: JSONValue) -> [UInt8] {
        JSONWriter.bytes(of: value) + [UInt8(ascii: "\n")]
    }

    private static func mended(_ line: [UInt8], _ code: JSONError.Code) -> [UInt8]? {
        switch code {
        case .invalidUTF8, .loneSurrogate: withoutHalves(Array(String(decoding: line, as: UTF8.self).utf8))
        default: nil
        }
    }

    /// Each `\uD800`…`\uDFFF` that is no part of a pair becomes `\ufffd`.
    private static func withoutHalves(_ line: [UInt8]) -> [UInt8] {
        var line = line
        var at = 0
        while at + 1 < line.count {
            guard line[at] == UInt8(ascii: "\\") else {
                at += 1
                continue
            }
            guard let unit = unit(line, at), (0xD800...0xDFFF).contains(unit) else {
                at += 2
                continue
            }
            if unit < 0xDC00, let second = self.unit(line, at + 6), (0xDC00...0xDFFF).contains(second) {
                at += 12
            } else {
                line.replaceSubrange(at + 2..<at + 6, with: Array("fffd".utf8))
                at += 6
            }
        }
        return line
    }

    /// The number of a `\uXXXX` that begins at `at`.
    private static func unit(_ line: [UInt8], _ at: Int) -> UInt32? {
        guard at + 6 <= line.count, line[at] == UInt8(ascii: "\\"), line[at + 1] == UInt8(ascii: "u") else {
            return nil
        }
        return UInt32(String(decoding: line[at + 2..<at + 6], as: UTF8.self), radix: 16)
    }
}

/// Short ways into a frame.
extension JSONObject {
    func text(_ name: String) -> String? { self[name]?.stringValue }
    func object(_ name: String) -> JSONObject? { self[name]?.objectValue }
    func array(_ name: String) -> [JSONValue] { self[name]?.arrayValue ?? [] }
    func number(_ name: String) -> Int64? {
        switch self[name] {
        case .integer(let number): number
        case .decimal(let text): Double(text).flatMap { Int64(exactly: $0.rounded()) }
        default: nil
        }
    }
    func truth(_ name: String) -> Bool? { self[name]?.boolValue }
    func count(_ name: String) -> Int64 { max(0, number(name) ?? 0) }
}
