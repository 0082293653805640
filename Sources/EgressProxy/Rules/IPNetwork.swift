/// A range of addresses, as in `10.0.0.0/8`.
public struct IPNetwork: Hashable, Sendable {
    /// The first address.
    public let address: IPAddress
    /// The number of leading bits that all its addresses share.
    public let prefixLength: Int

    /// One address alone.
    public init(_ address: IPAddress) {
        self.address = address
        prefixLength = address.width
    }

    /// - Returns: nil if the length is not one of the address's kind or a bit behind the prefix is set.
    public init?(_ address: IPAddress, prefixLength: Int) {
        guard (0...address.width).contains(prefixLength) else { return nil }
        guard Self.masked(address, prefixLength) == address else { return nil }
        self.address = address
        self.prefixLength = prefixLength
    }

    /// Reads an address, or an address, `/` and a prefix length.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2, let address = IPAddress(first) else { return nil }
        guard parts.count == 2 else {
            self.init(address)
            return
        }
        guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(parts[1]) else { return nil }
        self.init(address, prefixLength: length)
    }

    /// Whether the address is one of the range's.
    public func contains(_ other: IPAddress) -> Bool {
        other.width == address.width && Self.masked(other, prefixLength) == address
    }

    /// Whether all addresses of the other range are this one's too.
    func contains(_ other: IPNetwork) -> Bool { other.prefixLength >= prefixLength && contains(other.address) }

    private static func masked(_ address: IPAddress, _ length: Int) -> IPAddress {
        switch address {
        case .v4(let value): .v4(value & ~(UInt32.max >> UInt32(length)))
        case .v6(let high, let low):
            .v6(
                high: high & ~(UInt64.max >> UInt64(min(length, 64))),
                low: low & ~(UInt64.max >> UInt64(max(length - 64, 0))))
        }
    }
}

extension IPNetwork: CustomStringConvertible {
    public var description: String { prefixLength == address.width ? "\(address)" : "\(address)/\(prefixLength)" }
}
