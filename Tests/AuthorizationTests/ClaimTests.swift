import Authorization
import Foundation
import JWTKit
import TaskModel
import Testing

@Suite("What a token says")
struct ClaimTests {
    @Test("a good token tells who it is, by which key, with which roles and projects")
    func good() async throws {
        let signer = try await Signer.hs256()
        let verifier = try await KeyFolder.verifier(signer)
        let claims: [String: JSONValue] = [
            "iss": "https://id.example", "roles": ["user", "release-managers"], "projects": [1, 7],
        ]
        let principal = try verifier.principal(try Token(signer, kid: "main", claims).text)
        #expect(
            principal
                == Principal(
                    subject: "ann", issuer: "https://id.example", keyID: "main", roles: ["user", "release-managers"],
                    permissions: Role.permissions[.user] ?? [], projects: [1, 7]))
    }

    @Test("a token that the library itself made is accepted", arguments: ["HS256", "RS256", "ES256"])
    func library(name: String) async throws {
        struct Payload: JWTPayload {
            var sub: SubjectClaim
            var exp: ExpirationClaim
            var aud: AudienceClaim
            var roles: [String]

            func verify(using algorithm: some JWTAlgorithm) async throws {}
        }
        let key: JWTKeyCollection
        let signer: Signer
        switch name {
        case "HS256":
            signer = try await .hs256()
            key = await JWTKeyCollection().add(hmac: HMACKey(from: signer.file), digestAlgorithm: .sha256)
        case "ES256":
            let made = ES256PrivateKey()
            signer = Signer(name: name, key: try await Signer.hs256().key, file: made.publicKey.pemRepresentation)
            key = await JWTKeyCollection().add(ecdsa: made)
        default:
            let made = try Insecure.RSA.PrivateKey(pem: try OpenSSL.key("RSA", "rsa_keygen_bits:2048"))
            signer = Signer(name: name, key: try await Signer.hs256().key, file: made.publicKey.pemRepresentation)
            key = await JWTKeyCollection().add(rsa: made, digestAlgorithm: .sha256)
        }
        let verifier = try await KeyFolder.verifier(signer, TokenRules(audience: "pandar"))
        let token = try await key.sign(
            Payload(
                sub: "ben", exp: .init(value: .init(timeIntervalSince1970: 1_800_000_100)), aud: "pandar",
                roles: ["viewer"]))
        #expect(try verifier.principal(token).subject == "ben")
    }

    @Test("times are kept, to the tolerance of clocks")
    func times() async throws {
        let signer = try await Signer.hs256()
        let verifier = try await KeyFolder.verifier(signer, TokenRules(toleranceSeconds: 10), remembered: 0)
        let now = Timestamp.noon.seconds
        func code(_ claims: [String: JSONValue]) throws -> TokenRefusal.Code? {
            verifier.refusal(try Token(signer, claims).text)
        }
        #expect(try code(["exp": .integer(now - 9)]) == nil)
        #expect(try code(["exp": .integer(now - 10)]) == .expired)
        #expect(try code(["exp": .decimal("\(now - 9).5")]) == nil)
        #expect(try code(["nbf": .integer(now + 10)]) == nil)
        #expect(try code(["nbf": .integer(now + 11)]) == .notYet)
        #expect(try code(["iat": .integer(now + 11)]) == .notYet)
        #expect(try code(["iat": .integer(now - 999_999), "nbf": .integer(now + 11)]) == .notYet)
    }

    @Test(
        "a claim that is missing or of another kind is refused",
        arguments: [
            ("exp", nil), ("exp", "tomorrow"), ("exp", -1), ("exp", .decimal("1e300")), ("nbf", "today"),
            ("iat", [1]), ("sub", nil), ("sub", 7), ("sub", ""), ("sub", "a\nb"),
            ("sub", .string(String(repeating: "x", count: 201))), ("roles", 1), ("roles", ["user", 1]),
            ("projects", "all"), ("projects", ["1"]), ("projects", 1),
        ] as [(String, JSONValue?)])
    func kinds(name: String, value: JSONValue?) async throws {
        let signer = try await Signer.hs256()
        let verifier = try await KeyFolder.verifier(signer)
        #expect(verifier.refusal(try Token(signer).with { $0.claims[name] = value }.text) == .claim)
    }

    @Test("audience and issuer count if they are configured")
    func audience() async throws {
        let signer = try await Signer.hs256()
        let strict = try await KeyFolder.verifier(signer, TokenRules(issuer: "https://id.example", audience: "pandar"))
        let lax = try await KeyFolder.verifier(signer)
        func token(_ iss: JSONValue?, _ aud: JSONValue?) throws -> String {
            try Token(signer).with {
                $0.claims["iss"] = iss
                $0.claims["aud"] = aud
            }.text
        }
        #expect(strict.refusal(try token("https://id.example", "pandar")) == nil)
        #expect(strict.refusal(try token("https://id.example", ["other", "pandar"])) == nil)
        for aud in [nil, "other", ["other"], [], "pandar2", 7] as [JSONValue?] {
            #expect(strict.refusal(try token("https://id.example", aud)) == .audience)
            #expect(lax.refusal(try token(nil, aud)) == nil)
        }
        for iss in [nil, "https://evil.example", 7, ["https://id.example"]] as [JSONValue?] {
            #expect(strict.refusal(try token(iss, "pandar")) == .issuer)
        }
    }

    @Test("roles come from the claim that is configured: a name, a path, a list or words")
    func roles() async throws {
        let signer = try await Signer.hs256()
        let path = try await KeyFolder.verifier(signer, TokenRules(rolesClaim: "realm_access.roles"))
        let nested: [String: JSONValue] = ["realm_access": ["roles": ["admin"]], "roles": ["viewer"]]
        #expect(try path.principal(try Token(signer, nested).text).roles == ["admin"])
        #expect(try path.principal(try Token(signer).text).roles == [])
        let words = try await KeyFolder.verifier(signer, TokenRules(rolesClaim: "scope"))
        #expect(try words.principal(try Token(signer, ["scope": "user viewer"]).text).roles == ["user", "viewer"])
    }
}
