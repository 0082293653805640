import Crypto
import TaskModel
import Testing

@testable import Authorization

@Suite("Tokens that were verified before")
struct VerifiedTokensTests {
    private func token(_ number: Int) -> (SHA256Digest, VerifiedToken) {
        let verified = VerifiedToken(
            principal: Principal(subject: "s\(number)"), expires: Timestamp(milliseconds: 1), begins: nil)
        return (SHA256.hash(data: Array("\(number)".utf8)), verified)
    }

    @Test("never more are kept than the bound, and those in use stay")
    func bound() {
        var tokens = VerifiedTokens(capacity: 10)
        for number in 0..<1000 {
            let (digest, verified) = token(number)
            tokens.insert(verified, digest, generation: 0)
            #expect(tokens.token(token(0).0, generation: 0)?.principal.subject == "s0")
            #expect(tokens.count <= 10)
        }
        #expect(tokens.token(token(1).0, generation: 0) == nil)
        #expect(tokens.token(token(999).0, generation: 0) != nil)
    }

    @Test("a change of the keys forgets them all, and what an older key verified does not come back")
    func generations() {
        var tokens = VerifiedTokens(capacity: 10)
        let (digest, verified) = token(1)
        tokens.insert(verified, digest, generation: 1)
        #expect(tokens.token(digest, generation: 2) == nil)
        tokens.insert(token(2).1, token(2).0, generation: 2)
        tokens.insert(verified, digest, generation: 1)
        #expect(tokens.token(digest, generation: 2) == nil && tokens.count == 1)
    }

    @Test("a token that was verified is refused once it has expired, and before it begins")
    func times() async throws {
        let signer = try await Signer.hs256()
        let verifier = try await KeyFolder.verifier(signer, TokenRules(toleranceSeconds: 0))
        let token = try Token(signer, ["nbf": .integer(Timestamp.noon.seconds)]).text
        #expect(verifier.refusal(token) == nil)
        #expect(verifier.refusal(token, at: .noon.adding(seconds: 300)) == .expired)
        #expect(verifier.refusal(token, at: .noon.adding(seconds: -1)) == .notYet)
        #expect(verifier.refusal(token) == nil)
    }

    @Test("base 64 has one spelling", arguments: ["A", "AB", "AAAB=", "A+AA", "A/AA", "AA A", "AAA\n", "AAF", "é"])
    func base64(text: String) {
        #expect(Base64URL.decode(text.utf8) == nil)
    }

    @Test("base 64 reads back what was written")
    func roundTrip() {
        for count in 0..<50 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + count) }
            #expect(Base64URL.decode(Token.base64(bytes).utf8) == bytes)
        }
    }
}
