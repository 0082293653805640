/// Makes names that Prometheus accepts: `[a-zA-Z_:][a-zA-Z0-9_:]*` for metrics, the same without `:` for labels. What
/// else a name holds (the dots of swift-metrics labels) becomes `_`.
enum MetricName {
    static func metric(_ text: String) -> String { sanitized(text, allowsColon: true) }

    /// `le` belongs to histograms, and names that begin with `__` to Prometheus itself.
    static func label(_ text: String) -> String {
        let name = sanitized(text, allowsColon: false)
        return name == "le" || name.hasPrefix("__") ? "exported_" + name : name
    }

    private static func sanitized(_ text: String, allowsColon: Bool) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
                bytes.append(byte)
            case UInt8(ascii: ":") where allowsColon: bytes.append(byte)
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if bytes.isEmpty { bytes.append(UInt8(ascii: "_")) }
                bytes.append(byte)
            default: bytes.append(UInt8(ascii: "_"))
            }
        }
        return bytes.isEmpty ? "_" : String(decoding: bytes, as: UTF8.self)
    }
}
