import Authorization
import TaskModel
import TestKit
import Testing

@Suite("How a token is signed")
struct SignatureTests {
    static let algorithms = ["HS256", "RS256", "ES256"]

    @Test("a token of the key is accepted, one of another key is not", arguments: algorithms)
    func right(name: String) async throws {
        let signer = try await Signer.of(name)
        let verifier = try await KeyFolder.verifier(signer)
        #expect(verifier.refusal(try Token(signer).text) == nil)
        #expect(verifier.refusal(try Token(signer, kid: "main").text) == nil)
        let other = name == "HS256" ? try await Signer.hs256("another secret of thirty-two bytes") : try await .of(name)
        #expect(verifier.refusal(try Token(other).text) == .signature)
    }

    @Test("no byte of a token can be changed", arguments: algorithms)
    func tampered(name: String) async throws {
        let signer = try await Signer.of(name)
        let verifier = try await KeyFolder.verifier(signer)
        let token = Array(try Token(signer).text.utf8)
        for index in token.indices where name == "HS256" || index % 5 == 0 {
            var changed = token
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(verifier.refusal(String(decoding: changed, as: UTF8.self)) != nil, "byte \(index)")
        }
    }

    @Test("a token that says it is not signed is refused, whatever comes with it", arguments: ["none", "None", "NONE"])
    func none(name: String) async throws {
        let signer = try await Signer.hs256()
        let verifier = try await KeyFolder.verifier(signer)
        let token = Token(signer).with { $0.header["alg"] = .string(name) }
        #expect(verifier.refusal(token.signed + ".") == .unsigned)
        #expect(verifier.refusal(try token.text) == .unsigned)
    }

    @Test("a public key is never taken for a secret (algorithm confusion)", arguments: ["RS256", "ES256"])
    func confusion(name: String) async throws {
        let signer = try await Signer.of(name)
        let verifier = try await KeyFolder.verifier(signer)
        // What everybody knows, as the secret that nobody should.
        for text in [signer.file, signer.file.trimmingNewline] {
            let forger = try await Signer.hs256(text)
            #expect(verifier.refusal(try Token(forger, kid: "main").text) == .algorithm)
            #expect(verifier.refusal(try Token(forger).text) == .algorithm)
        }
        let other = name == "RS256" ? "ES256" : "RS256"
        let token = Token(signer, kid: "main").with { $0.header["alg"] = .string(other) }
        #expect(verifier.refusal(try token.text) == .algorithm)
    }

    @Test(
        "other algorithms are refused", arguments: ["HS384", "HS512", "RS512", "PS256", "ES384", "EdDSA", "hs256", ""])
    func others(name: String) async throws {
        let signer = try await Signer.hs256()
        let verifier = try await KeyFolder.verifier(signer)
        #expect(verifier.refusal(try Token(signer).with { $0.header["alg"] = .string(name) }.text) == .algorithm)
    }

    @Test("an extension that must be understood is refused")
    func critical() async throws {
        let signer = try await Signer.hs256()
        let verifier = try await KeyFolder.verifier(signer)
        let token = Token(signer).with {
            $0.header["crit"] = ["b64"]
            $0.header["b64"] = false
        }
        #expect(verifier.refusal(try token.text) == .algorithm)
    }

    @Test("what is no token is refused")
    func garbage() async throws {
        let signer = try await Signer.hs256()
        let verifier = try await KeyFolder.verifier(signer)
        let good = try Token(signer).text
        let parts = good.split(separator: ".").map(String.init)
        let twice = Token.base64(Array(#"{"alg":"HS256","alg":"none"}"#.utf8))
        let subjects = Token.base64(Array(#"{"sub":"ann","sub":"root","exp":1900000000}"#.utf8))
        let bad = [
            "", ".", "..", "...", "a.b.c", "garbage", good + ".", good + "." + parts[2], parts[0] + "." + parts[1],
            "." + parts[1] + "." + parts[2], good + "=", " " + good, good + "\n", good + "\0",
            parts[0] + "." + parts[1] + "." + parts[2].replacing("-", with: "+").replacing("_", with: "/") + "/",
            try Token.sign(twice + "." + parts[1], signer), try Token.sign(parts[0] + "." + subjects, signer),
            try Token.sign(parts[0] + "." + Token.base64(Array("[]".utf8)), signer),
            try Token.sign(parts[0] + "." + Token.base64([0xFF, 0xFE]), signer),
            try Token.sign(parts[0] + "." + parts[1] + "=", signer),
            try Token(signer).with { $0.header["alg"] = nil }.text,
            try Token(signer).with { $0.header["kid"] = 7 }.text,
        ]
        for token in bad { #expect(verifier.refusal(token) == .malformed, "\(token)") }
        #expect(verifier.refusal(good + String(repeating: "A", count: 20_000)) == .tooLarge)
        #expect(verifier.refusal(String(repeating: "[", count: 16_000)) == .malformed)
    }

    @Test("random bytes and mutations of a token never count")
    func random() async throws {
        let signer = try await Signer.hs256()
        let verifier = try await KeyFolder.verifier(signer)
        var generator = SeededGenerator(seed: 4)
        let good = Array(try Token(signer).text.utf8)
        for _ in 0..<5000 {
            var token = good
            for _ in 0...Int.random(in: 0...3, using: &generator) {
                let index = Int.random(in: 0..<token.count, using: &generator)
                switch Int.random(in: 0...2, using: &generator) {
                case 0: token[index] = .random(in: 0...255, using: &generator)
                case 1: token.remove(at: index)
                default: token.insert(.random(in: 33...126, using: &generator), at: index)
                }
            }
            guard token != good else { continue }
            #expect(throws: TokenRefusal.self) { try verifier.verify(token, at: .noon) }
        }
    }
}

extension String {
    fileprivate var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
