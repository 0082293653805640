import ArgumentParser
import Authorization
import Foundation
import Kafka
import TaskModel
import Testing

@testable import pandar

@Suite("The token on the command line")
struct TokenOptionsTests {
    /// Not signed: whether it counts is the service's part.
    private static func token(subject: String = "ann", exp: Int64 = 4_000_000_000) -> String {
        let parts = [#"{"alg":"HS256"}"#, #"{"sub":"\#(subject)","exp":\#(exp)}"#, "no signature"]
        return parts.map {
            Data($0.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
                .replacing("=", with: "")
        }.joined(separator: ".")
    }

    private func withFile<Value>(_ text: String, _ body: (String) throws -> Value) throws -> Value {
        let path = NSTemporaryDirectory() + "pandar-token-\(UUID().uuidString)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    @Test("every command that writes takes one", arguments: ["start", "cancel", "retry", "confirm", "reject"])
    func commands(name: String) throws {
        let command = try Pandar.parseAsRoot([name, "t", "--token-file", "/tmp/token"])
        let options =
            (command as? Start)?.action.token ?? (command as? Cancel)?.action.token ?? (command as? Retry)?.action.token
            ?? (command as? Confirm)?.decision.action.token ?? (command as? Reject)?.decision.action.token
        #expect(options?.tokenFile == "/tmp/token")
    }

    @Test("submit and replay take one, too")
    func others() throws {
        #expect((try Pandar.parseAsRoot(["submit", "--token-file", "x"]) as? Submit)?.token.tokenFile == "x")
        let replay = try Pandar.parseAsRoot(["dead-letters", "replay", "0:1", "--token-file", "x"])
        #expect((replay as? DeadLetters.Replay)?.token.tokenFile == "x")
    }

    @Test("who acts is whom the token is for, unless another is named")
    func actor() throws {
        try withFile(Self.token() + "\n") { path in
            let command = try #require(try Pandar.parseAsRoot(["cancel", "t", "--token-file", path]) as? Cancel)
            let token = try command.action.token.token()
            #expect(command.action.actorName(token) == "ann")
            #expect(token?.kafkaHeader.name == "authorization")
            let named = try Pandar.parseAsRoot(["cancel", "t", "--token-file", path, "--actor", "ben"]) as? Cancel
            #expect(named?.action.actorName(token) == "ben")
        }
    }

    @Test("a file that is missing, no token, or expired is told before anything is sent, without the token")
    func wrong() throws {
        func message(_ path: String) throws -> String? {
            let command = try #require(try Pandar.parseAsRoot(["cancel", "t", "--token-file", path]) as? Cancel)
            return #expect(throws: CommandError.self) { try command.action.token.token() }?.message
        }
        #expect(try message("/does/not/exist")?.contains("cannot be read") == true)
        let expired = Self.token(exp: 1000)
        for (text, expected) in [(expired, "expired at 1970"), ("hunter2", "no signed JWT"), ("", "must be one word")] {
            let said = try withFile(text) { try message($0) }
            #expect(said?.contains(expected) == true, "\(said ?? "")")
            #expect(text.isEmpty || said?.contains(text) == false)
        }
    }

    @Test("a dead letter's token is not shown, and replayed as it was unless another is given")
    func deadLetter() throws {
        let headers = [("Authorization", "Bearer a.b.c"), ("x", "y"), ("__dlq.errors.topic", "t")]
        let entry = DeadLetterEntry(
            .init(
                topic: "dlq", partition: 0, offset: 0, timestampMs: 0, key: nil, value: [],
                headers: headers.map { .init(name: $0.0, value: Array($0.1.utf8)) }))
        #expect(!String(decoding: entry.json, as: UTF8.self).contains("a.b.c"))
        #expect(entry.shownHeaders.map(\.text) == ["(a token, not shown)", "y", "t"])
        #expect(try entry.replay(reason: nil).headers.map(\.value) == [Array("Bearer a.b.c".utf8), Array("y".utf8)])
        let token = try ClientToken(Self.token())
        let replayed = try entry.replay(reason: nil, token: token).headers
        #expect(replayed.map(\.name) == ["x", "authorization"] && replayed.last?.value == token.header.value)
    }
}
