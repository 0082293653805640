/// On whose authority a record asks for something.
public enum Authority: Hashable, Sendable {
    /// The topic's access rules let it through, and what it says of its sender is believed.
    case trusted
    /// The record carries a token that was verified.
    case verified(Principal)
    /// Tokens are asked for, and the record has none that counts. The reason becomes that of its dead letter.
    case refused(ContractViolation)

    /// Who sent it, where that is proven.
    public var principal: Principal? {
        if case .verified(let principal) = self { principal } else { nil }
    }

    public var isRefused: Bool {
        if case .refused = self { true } else { false }
    }
}

/// By which authority a decision was taken, as the task's history tells.
public enum DecisionAuthority: Hashable, Sendable {
    /// The actor was believed.
    case trusted
    /// The actor is the subject of a token.
    case token(issuer: String?, keyID: String?)

    /// `nil` for a record whose token does not count: it decides nothing.
    public init?(_ authority: Authority) {
        switch authority {
        case .trusted: self = .trusted
        case .verified(let principal): self = .token(issuer: principal.issuer, keyID: principal.keyID)
        case .refused: return nil
        }
    }
}

extension DecisionAuthority: CustomStringConvertible {
    /// For the audit.
    public var description: String {
        switch self {
        case .trusted: "the actor was believed"
        case .token(let issuer, let keyID):
            "proven by a token" + (issuer.map { " of \($0)" } ?? "") + (keyID.map { ", key \($0)" } ?? "")
        }
    }
}

extension DecisionAuthority {
    private enum Kind: String, CaseIterable {
        case trusted, jwt
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.name("kind")
            switch self {
            case .trusted: $0.string(Kind.trusted.rawValue)
            case .token(let issuer, let keyID):
                $0.string(Kind.jwt.rawValue)
                $0.optional("issuer", issuer)
                $0.optional("kid", keyID)
            }
        }
    }

    init(_ object: JSONObject) throws(ContractViolation) {
        var fields = FieldReader(object, path: "confirmation.decisions.authority.")
        guard let kind = try fields.choice("kind", Kind.self) else { throw fields.missing("kind") }
        switch kind {
        case .trusted: self = .trusted
        case .jwt: self = .token(issuer: try fields.string("issuer"), keyID: try fields.string("kid"))
        }
    }
}
