import Foundation
import JWTKit
import Kafka

/// Issues tokens as an identity provider does, and publishes its keys in a directory.
struct TokenIssuer: Sendable {
    static let name = "https://id.example"
    /// What the service's settings call `auth.public_keys`.
    let directory: String
    private let keys: JWTKeyCollection

    private struct Claims: JWTPayload {
        var iss: IssuerClaim
        var aud: AudienceClaim
        var sub: SubjectClaim
        var exp: ExpirationClaim
        var roles: [String]

        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }

    init(_ bed: TestBed, key: String) async throws {
        directory = bed.path("keys")
        keys = JWTKeyCollection()
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try await add(key: key)
    }

    /// Makes a key and publishes its public half.
    func add(key name: String) async throws {
        let key = ES256PrivateKey()
        await keys.add(ecdsa: key, kid: JWKIdentifier(string: name))
        try key.publicKey.pemRepresentation.write(
            toFile: directory + "/\(name).pem", atomically: true, encoding: .utf8)
    }

    /// A token for an hour.
    func token(_ subject: String, _ roles: String..., key: String) async throws -> String {
        try await sign(subject, roles, key, until: Date(timeIntervalSinceNow: 3600))
    }

    /// A token for so many seconds, and when they are over.
    func token(
        _ subject: String, _ roles: String..., key: String, seconds: Double
    ) async throws -> (text: String, end: Date) {
        let end = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 + seconds).rounded(.up))
        return (try await sign(subject, roles, key, until: end), end)
    }

    private func sign(_ subject: String, _ roles: [String], _ key: String, until end: Date) async throws -> String {
        try await keys.sign(
            Claims(
                iss: .init(value: Self.name), aud: .init(value: ["pandar"]), sub: .init(value: subject),
                exp: .init(value: end), roles: roles),
            kid: JWKIdentifier(string: key))
    }

    static func headers(_ token: String?) -> [KafkaHeader] {
        token.map { [KafkaHeader(name: "Authorization", value: Array("Bearer \($0)".utf8))] } ?? []
    }
}
