internal import Foundation
internal import JWTKit

/// Where keys come from.
public enum KeySource: Hashable, Sendable {
    /// A file with a secret for HS256. White space at its end is dropped, as editors add it.
    case secretFile(String)
    /// The secret itself, from an environment variable.
    case secret([UInt8], variable: String)
    /// A public key for RS256 or ES256 in PEM, or a directory of such files.
    case publicKeys(String)
    /// A JSON Web Key Set.
    case keySet(String)

    /// What is looked at for changes; `nil` for what cannot change while the service runs.
    var path: String? {
        switch self {
        case .secretFile(let path), .publicKeys(let path), .keySet(let path): path
        case .secret: nil
        }
    }

    /// Reads the keys.
    func keys() async throws(KeyError) -> [VerificationKey] {
        switch self {
        case .secretFile(let path):
            var bytes = try KeyFile.bytes(path)
            while let last = bytes.last, [0x20, 0x09, 0x0A, 0x0D].contains(last) { bytes.removeLast() }
            return [try await Self.secret(bytes, "the file \(path)", id: KeyFile.name(path))]
        case .secret(let bytes, let variable):
            return [try await Self.secret(bytes, "the variable \(variable)", id: variable)]
        case .publicKeys(let path):
            var keys: [VerificationKey] = []
            for file in try KeyFile.publicKeys(path) { keys.append(try await Self.publicKey(file)) }
            return keys
        case .keySet(let path): return try await KeySet.keys(try KeyFile.bytes(path), path)
        }
    }

    private static func secret(_ bytes: [UInt8], _ place: String, id: String) async throws(KeyError) -> VerificationKey
    {
        guard bytes.count >= VerificationKey.leastSecretBytes else {
            throw KeyError(
                "The secret in \(place) has \(bytes.count) bytes; HS256 needs at least \(VerificationKey.leastSecretBytes). "
                    + "Make one with `openssl rand -hex 32`.")
        }
        guard !bytes.starts(with: Array("-----BEGIN ".utf8)) else {
            throw KeyError(
                "The secret in \(place) is a key in PEM, which others may know: list a public key under auth.public_keys."
            )
        }
        do {
            return try await VerificationKey(secret: bytes, id: id)
        } catch {
            throw KeyError("The secret in \(place) cannot be used for HS256.")
        }
    }

    private static func publicKey(_ path: String) async throws(KeyError) -> VerificationKey {
        let text = String(decoding: try KeyFile.bytes(path), as: UTF8.self)
        guard !text.contains("PRIVATE KEY-----") else {
            throw KeyError(
                "The file \(path) holds a private key; only its public half belongs here (`openssl pkey -in … -pubout`)."
            )
        }
        let id = KeyFile.name(path)
        if let key = try? ES256PublicKey(pem: text), let ready = try? await VerificationKey(ecdsa: key, id: id) {
            return ready
        }
        if let key = try? Insecure.RSA.PublicKey(pem: text), let ready = try? await VerificationKey(rsa: key, id: id) {
            return ready
        }
        throw KeyError(
            "The file \(path) is no public key in PEM that can be used: RSA from 2048 bits on (RS256) or P-256 (ES256)."
        )
    }
}
