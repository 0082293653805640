/// What orders a snapshot among the records of its task, found in the record's value without reading the rest of it.
///
/// Reading a whole snapshot takes ten times as long; an echo needs only this.
public struct SnapshotHead: Hashable, Sendable {
    public let order: RecordOrder

    /// `nil` when there is no version or epoch at the top level, or the value is no JSON object as Pandar writes it.
    public init?(scanning json: [UInt8]) {
        let found = json.withUnsafeBufferPointer { Self.scan($0) }
        guard let version = found.version, let epoch = found.epoch else { return nil }
        order = RecordOrder(epoch: epoch, version: version)
    }

    private static func scan(_ bytes: UnsafeBufferPointer<UInt8>) -> (version: Int64?, epoch: Int64?) {
        var version: Int64?
        var epoch: Int64?
        var depth = 0
        var position = 0
        while position < bytes.count, version == nil || epoch == nil {
            switch bytes[position] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "\""):
                let start = position + 1
                position = end(of: bytes, from: start)
                guard depth == 1, position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: ":") else { break }
                if equals(bytes, start..<position, "version") {
                    version = number(bytes, from: position + 2)
                } else if equals(bytes, start..<position, "epoch") {
                    epoch = number(bytes, from: position + 2)
                }
            default: break
            }
            position += 1
        }
        return (version, epoch)
    }

    /// The place of the quote that ends a string.
    private static func end(of bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var position = start
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return position
    }

    private static func equals(
        _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ text: StaticString
    ) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        for index in 0..<range.count where bytes[range.lowerBound + index] != text.utf8Start[index] { return false }
        return true
    }

    private static func number(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int64? {
        var number: Int64 = 0
        var position = start
        while position < bytes.count, position < start + 18, (0x30...0x39).contains(bytes[position]) {
            number = number * 10 + Int64(bytes[position] - 0x30)
            position += 1
        }
        // A number of another form (`1.0`, `1e9`, one too long) is left to those who read all of it.
        guard position > start, position < bytes.count else { return nil }
        return bytes[position] == UInt8(ascii: ",") || bytes[position] == UInt8(ascii: "}") ? number : nil
    }
}
