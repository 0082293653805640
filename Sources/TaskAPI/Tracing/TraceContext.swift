/// What a `traceparent` of W3C Trace Context says: which trace a request belongs to, and who asked within it.
public struct TraceContext: Hashable, Sendable {
    /// 32 lower-case hexadecimal digits.
    public let traceID: String
    /// 16 lower-case hexadecimal digits.
    public let parentID: String
    /// Two hexadecimal digits; the lowest bit says that the trace is recorded.
    public let flags: String
    /// `tracestate`: what tracing systems tell one another, passed on as it came.
    public let state: String?

    /// `nil` where the header is not well formed: who reads it must then go on as if it had not come.
    ///
    /// A version above 00 may have more at its end, which is left out.
    public init?(traceparent: String, state: String? = nil) {
        let fields = traceparent.split(separator: "-", omittingEmptySubsequences: false)
        guard fields.count >= 4, Array(fields.prefix(4).map(\.utf8.count)) == [2, 32, 16, 2],
            fields.prefix(4).allSatisfy({ $0.utf8.allSatisfy(Self.isLowerHex) }), fields[0] != "ff",
            fields[0] != "00" || fields.count == 4, fields[1].contains(where: { $0 != "0" }),
            fields[2].contains(where: { $0 != "0" })
        else { return nil }
        traceID = String(fields[1])
        parentID = String(fields[2])
        flags = String(fields[3])
        self.state = state.flatMap { Self.isState($0) ? $0 : nil }
    }

    /// The header's value, in version 00.
    public var traceparent: String { "00-\(traceID)-\(parentID)-\(flags)" }

    private static func isLowerHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }

    /// At most 32 members and, as we bound it, 512 bytes; printable ASCII, so that it can end no header or log line.
    private static func isState(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 512 && text.utf8.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x09 }
            && text.split(separator: ",", omittingEmptySubsequences: false).count <= 32
    }
}
