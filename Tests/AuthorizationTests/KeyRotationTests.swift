import Authorization
import TaskModel
import Testing

@Suite("Keys come and go")
struct KeyRotationTests {
    @Test("a key is chosen by its name; a token that names none means the only one of its kind")
    func choice() async throws {
        let folder = try KeyFolder()
        let (one, two, secret) = (try await Signer.es256(), try await Signer.es256(), try await Signer.hs256())
        try folder.write("keys/one.pem", one.file)
        try folder.write("keys/two.pem", two.file)
        let file = try folder.write("shared.secret", secret.file + "\n")
        let verifier = TokenVerifier(
            keys: try await folder.store(.publicKeys(folder.path + "/keys"), .secretFile(file)))
        #expect(verifier.keys.counts == ["ES256": 2, "HS256": 1])
        #expect(try verifier.principal(try Token(one, kid: "one").text).keyID == "one")
        #expect(try verifier.principal(try Token(two, kid: "two").text).keyID == "two")
        #expect(verifier.refusal(try Token(one, kid: "two").text) == .signature)
        #expect(verifier.refusal(try Token(one).text) == .ambiguousKey)
        #expect(try verifier.principal(try Token(secret).text).keyID == "shared")
        #expect(verifier.refusal(try Token(secret, kid: "one").text) == .algorithm)
        #expect(verifier.refusal(try Token(one, kid: "three").text) == .unknownKey)
        #expect(verifier.refusal(try Token(one, kid: "one\n\u{1B}[31m").text) == .unknownKey)
    }

    @Test("a name that is not known has the files read again, but not at every token")
    func unknown() async throws {
        let folder = try KeyFolder()
        let (one, two, three) = (try await Signer.es256(), try await Signer.es256(), try await Signer.es256())
        try folder.write("keys/one.pem", one.file)
        let verifier = TokenVerifier(keys: try await folder.store(.publicKeys(folder.path + "/keys")))
        try folder.write("keys/two.pem", two.file)
        #expect(verifier.refusal(try Token(two, kid: "two").text) == nil, "at once")
        try folder.write("keys/three.pem", three.file)
        #expect(verifier.refusal(try Token(three, kid: "three").text) == .unknownKey, "looked a moment ago")
        folder.pass(seconds: 5)
        #expect(verifier.refusal(try Token(three, kid: "three").text) == nil)
    }

    @Test("a file that has changed counts within seconds, and what its former key signed is refused")
    func replaced() async throws {
        let folder = try KeyFolder()
        let (old, new) = (try await Signer.rs256(), try await Signer.rs256())
        let file = try folder.write("main.pem", old.file)
        let verifier = TokenVerifier(keys: try await folder.store(.publicKeys(file)))
        let token = try Token(old, kid: "main").text
        #expect(verifier.refusal(token) == nil)
        try folder.write("main.pem", new.file)
        #expect(verifier.refusal(token) == nil, "no look yet, and verified before")
        folder.pass(seconds: 5)
        #expect(verifier.refusal(token) == .signature, "also one that was verified before")
        #expect(verifier.refusal(try Token(new, kid: "main").text) == nil)
    }

    @Test("a key that is taken out of its directory or its set counts no more, even the last one")
    func removed() async throws {
        let folder = try KeyFolder()
        let (one, two) = (try await Signer.es256(), try await Signer.es256())
        try folder.write("keys/one.pem", one.file)
        try folder.write("keys/two.pem", two.file)
        let verifier = TokenVerifier(keys: try await folder.store(.publicKeys(folder.path + "/keys")))
        let token = try Token(one, kid: "one").text
        #expect(verifier.refusal(token) == nil)
        try folder.remove("keys/one.pem")
        folder.pass(seconds: 5)
        #expect(verifier.refusal(token) == .unknownKey)
        #expect(verifier.refusal(try Token(two, kid: "two").text) == nil)
        try folder.remove("keys/two.pem")
        folder.pass(seconds: 5)
        #expect(verifier.refusal(try Token(two, kid: "two").text) == .unknownKey)
    }

    @Test("a file that cannot be read or used any more leaves the keys as they were")
    func broken() async throws {
        let folder = try KeyFolder()
        let signer = try await Signer.es256()
        let file = try folder.write("main.pem", signer.file)
        let verifier = TokenVerifier(keys: try await folder.store(.publicKeys(file)))
        let token = try Token(signer).text
        for text in ["", "half a ke", nil] as [String?] {
            if let text { try folder.write("main.pem", text) } else { try folder.remove("main.pem") }
            folder.pass(seconds: 5)
            #expect(verifier.refusal(token) == nil)
        }
        let next = try await Signer.es256()
        try folder.write("main.pem", next.file)
        folder.pass(seconds: 5)
        #expect(verifier.refusal(token) == .signature)
        #expect(verifier.refusal(try Token(next).text) == nil)
    }
}
