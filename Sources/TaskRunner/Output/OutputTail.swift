/// The last of what an attempt printed.
public struct OutputTail: Sendable {
    /// The contract's limit of a snapshot's `output`, in bytes.
    public static let limit = 16_384

    private var bytes: [UInt8] = []
    /// Bytes printed in all.
    public private(set) var total: Int64 = 0

    public init() {}

    public mutating func append(_ text: String, printed: Int) {
        total += Int64(printed)
        bytes.append(contentsOf: text.utf8.suffix(Self.limit))
        // Cut rarely, so that appending stays cheap.
        if bytes.count > 4 * Self.limit { bytes.removeFirst(bytes.count - Self.limit) }
    }

    /// At most `limit` bytes, beginning with a whole character.
    public var text: String {
        var tail = bytes.suffix(Self.limit)
        while let first = tail.first, first & 0xC0 == 0x80 { tail = tail.dropFirst() }
        return String(decoding: tail, as: UTF8.self)
    }
}
