internal import Crypto
internal import JWTKit
internal import Synchronization
public import TaskModel

/// Says for whom a token speaks. Safe to ask from any thread; waits for nothing but a look at key files.
public final class TokenVerifier: Sendable {
    public let keys: KeyStore
    private let rules: TokenRules
    private let verified: Mutex<VerifiedTokens>?

    /// - Parameter remembered: most tokens whose signature need not be looked at again; 0 looks at it each time.
    public init(keys: KeyStore, rules: TokenRules = TokenRules(), remembered: Int = 10_000) {
        self.keys = keys
        self.rules = rules
        verified = remembered > 0 ? Mutex(VerifiedTokens(capacity: remembered)) : nil
    }

    /// Verifies a token (three parts with dots between them), as it counts at `moment`.
    public func verify(_ token: [UInt8], at moment: Timestamp) throws(TokenRefusal) -> Principal {
        try TokenParts.checkSize(token)
        let ring = keys.current()
        let digest = SHA256.hash(data: token)
        if let known = verified?.withLock({ $0.token(digest, generation: ring.generation) }) {
            try known.check(at: moment, rules)
            return known.principal
        }
        let parts = try TokenParts(token)
        let (key, generation) = try key(for: parts.header, in: ring)
        guard (try? key.verifier.verify(parts.signature, signs: parts.signed)) == true else {
            throw TokenRefusal(
                .signature,
                "The token's signature is not that of \(key.name): it was made with another key, or changed on its way."
            )
        }
        let fresh = try VerifiedToken(parts.claims, keyID: key.id, rules)
        try fresh.check(at: moment, rules)
        verified?.withLock { $0.insert(fresh, digest, generation: generation) }
        return fresh.principal
    }

    /// The key that the header names, looking at the files again where it names one that is not known.
    private func key(
        for header: JSONObject, in ring: KeyRing
    ) throws(TokenRefusal) -> (key: VerificationKey, generation: Int) {
        let header = try TokenHeader(header)
        if let key = try ring.key(for: header) { return (key, ring.generation) }
        let newer = keys.lookAgain()
        if let key = try newer.key(for: header) { return (key, newer.generation) }
        throw TokenRefusal(
            .unknownKey,
            "The token names the key \(header.keyID?.shown ?? ""), which is none of those that are configured "
                + "(auth.public_keys, auth.jwks_file, auth.hmac_secrets).")
    }
}
