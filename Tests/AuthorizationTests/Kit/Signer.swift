import Foundation
import JWTKit
import Testing

/// A key that signs, with its public half as an issuer would publish it.
struct Signer: Sendable {
    /// `HS256`, `RS256` or `ES256`.
    let name: String
    let key: any JWTAlgorithm
    /// What goes into the key file: the secret, or the public key in PEM.
    let file: String

    static let secret = "0123456789abcdef0123456789abcdef"

    static func hs256(_ secret: String = secret) async throws -> Signer {
        let keys = await JWTKeyCollection().add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
        return Signer(name: "HS256", key: try await keys.getKey(), file: secret)
    }

    static func es256() async throws -> Signer {
        let key = ES256PrivateKey()
        return Signer(
            name: "ES256", key: try await JWTKeyCollection().add(ecdsa: key).getKey(),
            file: key.publicKey.pemRepresentation)
    }

    static func rs256() async throws -> Signer {
        let key = try Insecure.RSA.PrivateKey(pem: try OpenSSL.key("RSA", "rsa_keygen_bits:2048"))
        return Signer(
            name: "RS256", key: try await JWTKeyCollection().add(rsa: key, digestAlgorithm: .sha256).getKey(),
            file: key.publicKey.pemRepresentation)
    }

    static func of(_ name: String) async throws -> Signer {
        switch name {
        case "HS256": try await hs256()
        case "ES256": try await es256()
        default: try await rs256()
        }
    }
}

/// Makes keys that the library does not.
enum OpenSSL {
    static func key(_ algorithm: String, _ option: String) throws -> String {
        try run(["genpkey", "-quiet", "-algorithm", algorithm, "-pkeyopt", option])
    }

    static func publicKey(of key: String) throws -> String {
        try run(["pkey", "-pubout"], input: key)
    }

    private static func run(_ arguments: [String], input: String = "") throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        let (output, standardInput) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = standardInput
        try process.run()
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "openssl \(arguments.joined(separator: " "))")
        return String(decoding: data, as: UTF8.self)
    }
}
