/// One entry of an allow-list.
public struct EgressRule: Hashable, Sendable {
    /// What a rule names.
    public enum Pattern: Hashable, Sendable {
        /// This name.
        case exactly(String)
        /// Every name under this one, at any depth, and not the name itself.
        case under(String)
        /// These addresses, asked for as such or found for an allowed name.
        case addresses(IPNetwork)
    }

    public let pattern: Pattern
    /// The ports it opens, 1…65535.
    public let ports: Set<Int>
    /// Whether what goes through CONNECT must be TLS for the host that was asked for.
    public let requiresTLS: Bool

    /// The ports of a rule that names none: HTTPS and HTTP.
    public static let defaultPorts: Set<Int> = [443, 80]

    public init(_ pattern: Pattern, ports: Set<Int> = EgressRule.defaultPorts, requiresTLS: Bool = true) {
        self.pattern = pattern
        self.ports = ports
        self.requiresTLS = requiresTLS
    }

    /// Whether the rule opens the target, the text alone being looked at.
    func matches(_ target: EgressTarget) -> Bool {
        guard ports.contains(target.port) else { return false }
        return matches(target.host)
    }

    func matches(_ host: EgressHost) -> Bool {
        switch (pattern, host) {
        case (.exactly(let name), .name(let asked)): name == asked
        case (.under(let parent), .name(let asked)): asked.hasSuffix("." + parent)
        case (.addresses(let network), .address(let address)): network.names(address)
        default: false
        }
    }
}

extension IPNetwork {
    /// Whether it holds the address and, where that is special, says so: `0.0.0.0/0` does not name 10.0.0.1, `10.0.0.0/8`
    /// does. An address of a metadata service is named by itself only.
    func names(_ address: IPAddress) -> Bool {
        guard contains(address) else { return false }
        guard let special = SpecialRange.of(address) else { return true }
        return special.kind.canBeNamed && special.network.contains(self)
    }
}
