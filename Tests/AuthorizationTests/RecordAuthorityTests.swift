import Authorization
import TaskModel
import Testing

@Suite("The token of a record")
struct RecordAuthorityTests {
    private func record(
        _ headers: [(String, String)], channel: InboundRecord.Channel = .confirmations, appended: Timestamp? = nil,
        created: Timestamp = .noon
    ) -> InboundRecord {
        InboundRecord(
            channel: channel, topic: "t", partition: 0, offset: 0, key: nil, value: nil,
            headers: headers.map { EventHeader($0.0, $0.1) }, timestamp: created, appendedAt: appended)
    }

    private func code(_ authority: Authority) -> String {
        switch authority {
        case .trusted: "trusted"
        case .verified(let principal): principal.subject
        case .refused(let violation): "\(violation.reason.rawValue): \(violation.message)"
        }
    }

    @Test("the header counts in any case, and once")
    func header() async throws {
        let signer = try await Signer.hs256()
        let authority = RecordAuthority.signed(try await KeyFolder.verifier(signer))
        let token = try Token(signer).text
        func of(_ headers: (String, String)...) -> String {
            code(authority.authority(of: record(headers), now: .noon))
        }
        #expect(of(("authorization", "Bearer " + token)) == "ann")
        #expect(of(("Authorization", "bearer  " + token), ("x", "y")) == "ann")
        #expect(of(("AUTHORIZATION", "BEARER " + token)) == "ann")
        #expect(of().hasPrefix("unauthorized: The record carries no token"))
        #expect(of(("authorisation", "Bearer " + token)).contains("carries no token"))
        for value in ["", "Bearer", "Bearer ", token, "Basic " + token, "Bearer\t" + token] {
            #expect(of(("authorization", value)).hasPrefix("unauthorized: The token is no signed JWT"), "\(value)")
        }
        #expect(of(("authorization", "Bearer " + token), ("Authorization", "Bearer " + token)).contains("2 times"))
        #expect(of(("authorization", "Bearer \(token) \(token)")).contains("one token and nothing else"))
        #expect(of(("authorization", "Bearer \(token),\(token)")).contains("one token and nothing else"))
    }

    @Test("trusted asks for none, and nobody asks an instance for one")
    func trusted() async throws {
        let signed = RecordAuthority.signed(try await KeyFolder.verifier(try await Signer.hs256()))
        #expect(RecordAuthority.trusted.authority(of: record([]), now: .noon) == .trusted)
        #expect(signed.authority(of: record([], channel: .reports), now: .noon) == .trusted)
        #expect(signed.authority(of: record([], channel: .requests), now: .noon).isRefused)
    }

    @Test("a token counts when the broker took the record in, not when a producer says so")
    func moment() async throws {
        let signer = try await Signer.hs256()
        let authority = RecordAuthority.signed(try await KeyFolder.verifier(signer, TokenRules(toleranceSeconds: 0)))
        let headers = [("authorization", "Bearer " + (try Token(signer).text))]
        let later = Timestamp.noon.adding(seconds: 86_400)
        let beforeEnd = Timestamp.noon.adding(seconds: 299)
        #expect(code(authority.authority(of: record(headers, appended: beforeEnd), now: later)) == "ann")
        #expect(
            code(authority.authority(of: record(headers, created: beforeEnd), now: later)).contains("expired"),
            "a producer's own time is no proof")
        #expect(
            code(authority.authority(of: record(headers, appended: later), now: later)).contains("expired"))
        #expect(
            code(authority.authority(of: record(headers, appended: later), now: beforeEnd)) == "ann",
            "a broker whose clock is ahead")
    }

    @Test("a client's own token is read as files and variables have it")
    func client() async throws {
        let signer = try await Signer.hs256()
        let token = try Token(signer).text
        for text in [token, " \(token)\n", "Bearer \(token)", "bearer \(token)\n"] {
            let read = try ClientToken(text)
            #expect(read.subject == "ann" && read.expires == Timestamp.noon.adding(seconds: 300))
            #expect(read.header == EventHeader("authorization", "Bearer " + token))
        }
        for text in ["", "two words", "Bearer a b", "no-token", "Bearer"] {
            #expect(throws: TokenRefusal.self) { try ClientToken(text) }
        }
    }
}
