/// An entry of an allow-list that cannot be read.
public struct EgressRuleError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The entry as it was written.
    public let entry: String
    /// What is wrong with it, and what to write.
    public let detail: String

    public var description: String { "network.allow: \(entry.debugDescription): \(detail)" }
}

extension EgressRule {
    /// Reads `HOST[:PORT[,PORT…]] [tls=false]`.
    ///
    /// `HOST` is a name, `*.` and a name, an IPv4 address or network, or an IPv6 address or network (in brackets where ports
    /// follow).
    public init(parsing entry: String) throws(EgressRuleError) {
        func fail(_ detail: String) -> EgressRuleError { EgressRuleError(entry: entry, detail: detail) }
        var words = entry.split(separator: " ", omittingEmptySubsequences: true)
        guard !words.isEmpty else { throw fail("the entry is empty") }
        let place = words.removeFirst()
        var requiresTLS = true
        for word in words {
            switch word {
            case "tls=false": requiresTLS = false
            case "tls=true": requiresTLS = true
            default: throw fail("after the host and its ports only tls=false may stand, not \(word)")
            }
        }
        guard !place.contains("://") else { throw fail("write the host alone, without a scheme and a path") }
        let (host, ports) = Self.split(place)
        self.init(
            try Self.pattern(host, entry),
            ports: try ports.map { text throws(EgressRuleError) in try Self.ports(text, entry) }
                ?? Self.defaultPorts, requiresTLS: requiresTLS)
    }

    /// The host and what follows its colon. Without brackets, a text with two colons is IPv6 alone.
    private static func split(_ place: Substring) -> (host: Substring, ports: Substring?) {
        if place.hasPrefix("["), let end = place.firstIndex(of: "]") {
            let host = place[place.index(after: place.startIndex)..<end]
            let rest = place[place.index(after: end)...]
            guard host.contains(":") else { return (place, nil) }
            if rest.isEmpty { return (host, nil) }
            return rest.hasPrefix(":") ? (host, rest.dropFirst()) : (place, nil)
        }
        guard let colon = place.firstIndex(of: ":"), place.lastIndex(of: ":") == colon else { return (place, nil) }
        return (place[..<colon], place[place.index(after: colon)...])
    }

    private static func ports(_ text: Substring, _ entry: String) throws(EgressRuleError) -> Set<Int> {
        var ports: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let port = portNumber(part) else {
                throw EgressRuleError(entry: entry, detail: "ports are numbers from 1 to 65535, separated by commas")
            }
            ports.insert(port)
        }
        return ports
    }

    private static func pattern(_ host: Substring, _ entry: String) throws(EgressRuleError) -> Pattern {
        if host.contains("/") || IPAddress(host) != nil {
            guard let network = IPNetwork(host) else {
                throw EgressRuleError(
                    entry: entry, detail: "a network is its first address, / and a prefix length, as in 10.0.0.0/8")
            }
            if let special = SpecialRange.of(network.address), !special.kind.canBeNamed,
                special.network.contains(network)
            {
                throw EgressRuleError(entry: entry, detail: "nobody connects to \(special.kind.noun)")
            }
            return .addresses(network)
        }
        let isWildcard = host.hasPrefix("*.")
        do {
            let rest = isWildcard ? host.dropFirst(2) : host
            guard case .name(let name) = try EgressHost(parsing: rest) else {
                throw EgressHost.Malformed(detail: "* stands for names, not for addresses; write a network")
            }
            guard !isWildcard || name.contains(".") else {
                throw EgressHost.Malformed(detail: "*.\(name) opens a whole top-level domain; name the hosts")
            }
            return isWildcard ? .under(name) : .exactly(name)
        } catch let error as EgressHost.Malformed {
            let hint = host.contains("*") && !isWildcard ? "; * stands at the beginning only, as in *.example.com" : ""
            throw EgressRuleError(entry: entry, detail: error.detail + hint)
        } catch {
            throw EgressRuleError(entry: entry, detail: "\(error)")
        }
    }
}

/// Reads a port: 1…65535, digits only.
func portNumber(_ text: some StringProtocol) -> Int? {
    guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    guard text.utf8.first != 0x30, let port = Int(text), port <= 65_535 else { return nil }
    return port
}
