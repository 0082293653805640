#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An IP address. IPv4-mapped IPv6 (`::ffff:10.0.0.1`) is the IPv4 address, so that no rule can miss it.
public enum IPAddress: Hashable, Sendable {
    case v4(UInt32)
    case v6(high: UInt64, low: UInt64)

    /// Reads the usual spelling only: four decimal numbers without leading zeros, or IPv6 without brackets and zone.
    /// The other spellings that resolvers take (`2852039166`, `0xA9FEA9FE`, `0251.0376.0251.0376`, `127.1`) are not read.
    public init?(_ text: some StringProtocol) {
        if text.utf8.contains(UInt8(ascii: ":")) {
            guard let address = Self.version6(String(text)) else { return nil }
            self = address
        } else {
            guard let address = Self.version4(text) else { return nil }
            self = .v4(address)
        }
    }

    /// Takes 16 bytes of IPv6 in network order.
    init(halves high: UInt64, _ low: UInt64) {
        self = high == 0 && low >> 32 == 0xFFFF ? .v4(UInt32(truncatingIfNeeded: low)) : .v6(high: high, low: low)
    }

    private static func version4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            guard part.count == 1 || part.first != 0x30 else { return nil }
            let number = part.reduce(0) { $0 * 10 + UInt32($1 - 0x30) }
            guard number <= 255 else { return nil }
            value = value << 8 | number
        }
        return value
    }

    private static func version6(_ text: String) -> IPAddress? {
        let allowed = Set("0123456789abcdefABCDEF:.".utf8)
        guard text.utf8.count <= 45, text.utf8.allSatisfy(allowed.contains) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, text, &bytes) == 1 else { return nil }
        let high = bytes[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let low = bytes[8...].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return IPAddress(halves: high, low)
    }

    /// The number of bits: 32 or 128.
    var width: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }
}

extension IPAddress: CustomStringConvertible {
    /// The usual spelling, IPv6 without brackets and without `::`.
    public var description: String {
        switch self {
        case .v4(let value):
            (0..<4).map { String(value >> (24 - 8 * UInt32($0)) & 0xFF) }.joined(separator: ".")
        case .v6(let high, let low):
            [high, low].flatMap { half in (0..<4).map { String(half >> (48 - 16 * UInt64($0)) & 0xFFFF, radix: 16) } }
                .joined(separator: ":")
        }
    }
}
