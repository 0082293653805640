internal import JWTKit

/// How tokens may be signed. Each key stands for one of them, whatever a token says of itself.
enum SignatureAlgorithm: String, Sendable, CaseIterable {
    case hs256 = "HS256"
    case rs256 = "RS256"
    case es256 = "ES256"
}

/// A key that tokens are verified with.
struct VerificationKey: Sendable {
    /// What tokens name it by; `nil` for one of a set that has no name.
    let id: String?
    let algorithm: SignatureAlgorithm
    let verifier: any JWTAlgorithm

    /// For messages.
    var name: String { id.map { "the key \($0.shown) (\(algorithm.rawValue))" } ?? "the \(algorithm.rawValue) key" }
}

extension VerificationKey {
    /// HMAC's keys must be as long as its digest (RFC 7518, 3.2); the library only asserts it.
    static let leastSecretBytes = 32

    init(secret: [UInt8], id: String?) async throws {
        self.id = id
        algorithm = .hs256
        let keys = await JWTKeyCollection().add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
        verifier = try await keys.getKey()
    }

    init(rsa key: Insecure.RSA.PublicKey, id: String?) async throws {
        self.id = id
        algorithm = .rs256
        verifier = try await JWTKeyCollection().add(rsa: key, digestAlgorithm: .sha256).getKey()
    }

    init(ecdsa key: ES256PublicKey, id: String?) async throws {
        self.id = id
        algorithm = .es256
        verifier = try await JWTKeyCollection().add(ecdsa: key).getKey()
    }
}
