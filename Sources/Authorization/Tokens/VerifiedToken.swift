internal import TaskModel

/// What a token says whose signature is right: for whom it speaks, and when.
struct VerifiedToken: Sendable {
    let principal: Principal
    let expires: Timestamp
    /// The later one of `nbf` and `iat`.
    let begins: Timestamp?

    /// Whether it counts at `moment`. Asked again of a token that was verified before.
    func check(at moment: Timestamp, _ rules: TokenRules) throws(TokenRefusal) {
        let tolerance = Int64(rules.toleranceSeconds)
        guard moment < expires.adding(seconds: tolerance) else {
            throw TokenRefusal(
                .expired, "The token expired at \(expires); publish the record again with a new one.")
        }
        if let begins, begins > moment.adding(seconds: tolerance) {
            throw TokenRefusal(
                .notYet,
                "The token counts from \(begins) on, and it is \(moment); compare the clocks of the issuer and of Pandar."
            )
        }
    }
}

extension VerifiedToken {
    /// Reads the claims.
    init(_ claims: JSONObject, keyID: String?, _ rules: TokenRules) throws(TokenRefusal) {
        expires = try Self.expiry(claims)
        begins = [try Self.time("nbf", claims), try Self.time("iat", claims)].compactMap(\.self).max()
        try Self.checkAudience(claims["aud"], rules)
        let issuer = try Self.issuer(claims["iss"], rules)
        let roles = try Self.roles(claims, rules.rolesClaim)
        principal = Principal(
            subject: try Self.subject(claims), issuer: issuer, keyID: keyID, roles: roles,
            permissions: Role.permissions(of: roles), projects: try Self.projects(claims["projects"]))
    }

    static func expiry(_ claims: JSONObject) throws(TokenRefusal) -> Timestamp {
        guard let expires = try time("exp", claims) else {
            throw TokenRefusal(.claim, "The token has no exp; one that never ends is not accepted.")
        }
        return expires
    }

    private static func time(_ name: String, _ claims: JSONObject) throws(TokenRefusal) -> Timestamp? {
        guard let value = claims[name] else { return nil }
        guard let seconds = value.doubleValue, (0...1e11).contains(seconds) else {
            throw TokenRefusal(.claim, "The claim \(name) must be seconds since 1970, but is \(value.kind).")
        }
        return Timestamp(milliseconds: Int64(seconds * 1000))
    }

    static func subject(_ claims: JSONObject) throws(TokenRefusal) -> String {
        guard let value = claims["sub"] else {
            throw TokenRefusal(.claim, "The token has no sub; it must say who it is for.")
        }
        // It becomes `created_by` and `actor`, and has their limits.
        guard let subject = value.stringValue, (1...200).contains(subject.unicodeScalars.count),
            subject.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else {
            throw TokenRefusal(.claim, "The claim sub must be a string of 1 to 200 characters, none of them controls.")
        }
        return subject
    }

    private static func checkAudience(_ value: JSONValue?, _ rules: TokenRules) throws(TokenRefusal) {
        guard let audience = rules.audience else { return }
        let named = value?.arrayValue ?? value.map { [$0] } ?? []
        guard named.contains(.string(audience)) else {
            throw TokenRefusal(
                .audience, "The token is not for \(audience): its aud must name it (auth.audience).")
        }
    }

    private static func issuer(_ value: JSONValue?, _ rules: TokenRules) throws(TokenRefusal) -> String? {
        let issuer = value?.stringValue
        if let expected = rules.issuer, issuer != expected {
            throw TokenRefusal(.issuer, "The token is not from \(expected): its iss must be that (auth.issuer).")
        }
        return issuer
    }

    private static func roles(_ claims: JSONObject, _ claim: String) throws(TokenRefusal) -> Set<String> {
        guard let value = value(claims, claim), value != .null else { return [] }
        if let text = value.stringValue { return Set(text.split(separator: " ").map(String.init)) }
        let names = value.arrayValue?.compactMap(\.stringValue)
        guard let names, names.count == value.arrayValue?.count else {
            throw TokenRefusal(.claim, "The claim \(claim) must be a list of role names (auth.roles_claim).")
        }
        return Set(names)
    }

    /// The claim of that name, else the one at that path.
    private static func value(_ claims: JSONObject, _ claim: String) -> JSONValue? {
        if let value = claims[claim] { return value }
        return claim.split(separator: ".").reduce(JSONValue.object(claims) as JSONValue?) { value, name in
            value?.objectValue?[String(name)]
        }
    }

    private static func projects(_ value: JSONValue?) throws(TokenRefusal) -> Set<Int64>? {
        guard let value, value != .null else { return nil }
        let numbers = value.arrayValue?.compactMap(\.integerValue)
        // What is not understood must not mean "all".
        guard let numbers, numbers.count == value.arrayValue?.count else {
            throw TokenRefusal(.claim, "The claim projects must be a list of whole numbers.")
        }
        return Set(numbers)
    }
}
