/// Reads big-endian fields of a record; every read says whether there was enough.
struct ByteReader {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { bytes.isEmpty }

    mutating func number(_ width: Int) -> Int? {
        guard let field = take(width) else { return nil }
        return field.reduce(0) { $0 << 8 | Int($1) }
    }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= bytes.count else { return nil }
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count)
    }

    /// A field with its length before it.
    mutating func vector(lengthWidth: Int) -> ArraySlice<UInt8>? {
        guard let count = number(lengthWidth) else { return nil }
        return take(count)
    }
}
