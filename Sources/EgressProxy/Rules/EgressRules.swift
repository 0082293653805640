/// An allow-list: what an attempt may connect to. What it does not name is refused.
public struct EgressRules: Hashable, Sendable {
    public let rules: [EgressRule]

    /// Nothing is allowed.
    public static let none = EgressRules([])

    public init(_ rules: [EgressRule]) { self.rules = rules }

    /// Reads the entries of `network.allow`; see `EgressRule.init(parsing:)`.
    public init(parsing entries: [String]) throws(EgressRuleError) {
        var rules: [EgressRule] = []
        for entry in entries { rules.append(try EgressRule(parsing: entry)) }
        self.init(rules)
    }

    /// What the text of a request is worth, before any name is resolved.
    public enum Verdict: Hashable, Sendable {
        case allowed(requiresTLS: Bool)
        case refused(EgressRefusal)
    }

    /// Decides about a host and a port as they were asked for.
    public func verdict(on target: EgressTarget) -> Verdict {
        let matching = rules.filter { $0.matches(target) }
        if !matching.isEmpty { return .allowed(requiresTLS: matching.allSatisfy(\.requiresTLS)) }
        let open = Set(rules.filter { $0.matches(target.host) }.flatMap(\.ports)).sorted()
        if !open.isEmpty {
            let list = open.map(String.init).joined(separator: ", ")
            return .refused(
                EgressRefusal(
                    .portNotAllowed, target, "port \(target.port) of \(target.host) is not open, only \(list)"))
        }
        if case .address(let address) = target.host, let special = SpecialRange.of(address) {
            let detail = "\(target.host) is \(special.kind.noun), which the allow-list does not name"
            return .refused(EgressRefusal(.addressNotAllowed, target, detail))
        }
        return .refused(EgressRefusal(.hostNotAllowed, target, "\(target.host) is not on the allow-list"))
    }

    /// Decides about what an allowed name resolved to. One bad answer among good ones refuses them all: a name that points
    /// inside and outside at once is a trap, not a service.
    ///
    /// - Returns: nil if every address is public or named.
    public func refusal(of addresses: [IPAddress], for target: EgressTarget) -> EgressRefusal? {
        if addresses.isEmpty { return EgressRefusal(.unresolvable, target, "\(target.host) has no address") }
        for address in addresses {
            guard let special = SpecialRange.of(address) else { continue }
            let isNamed = rules.contains { $0.matches(EgressTarget(host: .address(address), port: target.port)) }
            if isNamed { continue }
            let detail = "\(target.host) resolves to \(address), \(special.kind.noun) that the allow-list does not name"
            return EgressRefusal(.addressNotAllowed, target, detail)
        }
        return nil
    }
}
