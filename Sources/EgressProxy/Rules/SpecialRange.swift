/// A range that is not the public internet: it is reached only if the rules name it.
///
/// The ranges are those of the IANA registries of special-purpose addresses (RFC 6890 and later) and the addresses on
/// which clouds serve instance metadata.
public struct SpecialRange: Hashable, Sendable {
    /// Why the range is special.
    public enum Kind: String, Sendable, CaseIterable {
        case unspecified, loopback, `private`, sharedCarrier, linkLocal, metadata, multicast, reserved
    }

    public let network: IPNetwork
    public let kind: Kind

    /// The range that the address belongs to, or nil if it is public.
    ///
    /// IPv6 that carries an IPv4 address (6to4, NAT64) is as special as that: whoever translates it would connect there.
    public static func of(_ address: IPAddress) -> SpecialRange? {
        if let range = table.first(where: { $0.network.contains(address) }) { return range }
        guard case .v6(let high, let low) = address else { return nil }
        if let embedded = embedded(high, low) {
            return of(.v4(embedded)).map { SpecialRange(network: IPNetwork(address), kind: $0.kind) }
        }
        // ISATAP: any prefix, and an interface identifier of 5EFE and an IPv4 address.
        let isTunnel = low >> 32 & 0xFDFF_FFFF == 0x5EFE
        // 2000::/3 is all that has been given out as global unicast.
        return high >> 61 == 1 && !isTunnel ? nil : SpecialRange(network: IPNetwork(address), kind: .reserved)
    }

    private static func embedded(_ high: UInt64, _ low: UInt64) -> UInt32? {
        if high >> 48 == 0x2002 { return UInt32(truncatingIfNeeded: high >> 16) }
        if high == 0x0064_FF9B_0000_0000 && low >> 32 == 0 { return UInt32(truncatingIfNeeded: low) }
        return nil
    }

    /// The narrow ones stand before those that hold them.
    private static let table: [SpecialRange] = {
        let ranges: [(String, Kind)] = [
            ("169.254.169.254", .metadata), ("169.254.170.2", .metadata), ("100.100.100.200", .metadata),
            ("192.0.0.192", .metadata), ("168.63.129.16", .metadata), ("fd00:ec2::254", .metadata),
            ("fd00:ec2::23", .metadata), ("fd20:ce::254", .metadata), ("fe80::a9fe:a9fe", .metadata),
            ("0.0.0.0/8", .unspecified), ("::", .unspecified),
            ("127.0.0.0/8", .loopback), ("::1", .loopback),
            ("10.0.0.0/8", .private), ("172.16.0.0/12", .private), ("192.168.0.0/16", .private),
            ("fc00::/7", .private), ("fec0::/10", .private), ("64:ff9b:1::/48", .private),
            ("100.64.0.0/10", .sharedCarrier), ("169.254.0.0/16", .linkLocal), ("fe80::/10", .linkLocal),
            ("224.0.0.0/4", .multicast), ("ff00::/8", .multicast),
            ("192.0.0.0/24", .reserved), ("192.0.2.0/24", .reserved), ("192.88.99.0/24", .reserved),
            ("198.18.0.0/15", .reserved), ("198.51.100.0/24", .reserved), ("203.0.113.0/24", .reserved),
            ("240.0.0.0/4", .reserved), ("2001::/23", .reserved), ("2001:db8::/32", .reserved),
            ("3fff::/20", .reserved),
        ]
        return ranges.compactMap { text, kind in IPNetwork(text).map { SpecialRange(network: $0, kind: kind) } }
    }()
}

extension SpecialRange.Kind {
    /// In a sentence: "… is ⟨a private address⟩".
    var noun: String {
        switch self {
        case .unspecified: "the unspecified address"
        case .loopback: "a loopback address"
        case .private: "a private address"
        case .sharedCarrier: "a carrier's shared address"
        case .linkLocal: "a link-local address"
        case .metadata: "a metadata service of a cloud"
        case .multicast: "a multicast address"
        case .reserved: "a reserved address"
        }
    }

    /// Whether naming it makes sense at all.
    var canBeNamed: Bool { self != .unspecified && self != .multicast }
}
