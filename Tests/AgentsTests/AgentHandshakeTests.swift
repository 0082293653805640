import Agents
import Foundation
import TaskModel
import Testing

@Suite("The first exchange with an agent")
struct AgentHandshakeTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Recordings")

    private func answer(_ adapter: AdapterKind, _ line: String) throws -> AgentHandshake.Answer? {
        try #require(AgentHandshake(adapter)).answer(in: line.utf8)
    }

    @Test("there is none without a protocol, and one line for each protocol")
    func requests() throws {
        #expect(AgentHandshake(.exec) == nil)
        for adapter in AdapterKind.allCases where adapter != .exec {
            let request = try #require(AgentHandshake(adapter)).request
            #expect(request.hasPrefix("{") && !request.contains("\n") && request.contains("initialize"))
        }
        #expect(try #require(AgentHandshake(.acp)).request.contains(#""jsonrpc":"2.0""#))
        #expect(try #require(AgentHandshake(.codexAppServer)).request.contains("jsonrpc") == false)
    }

    @Test("an answer to it is found in what real programs said, and nowhere else")
    func recordings() throws {
        let cases: [(name: String, kind: AdapterKind, answer: String)] = [
            ("codex-edit", .codexAppServer, "pandar/0.163.0"), ("claude-edit", .claudeStreamJSON, "claude-stream-json"),
        ]
        for (name, kind, answer) in cases {
            let handshake = try #require(AgentHandshake(kind))
            let entries = try String(contentsOf: Self.folder.appendingPathComponent("\(name).jsonl"), encoding: .utf8)
                .split(separator: "\n").map { try #require(try JSONParser.parse(String($0)).objectValue) }
            let lines = entries.filter { $0["from"] == "agent" }.compactMap { $0["line"]?.stringValue }
            #expect(lines.compactMap { handshake.answer(in: $0.utf8) } == [.accepted(answer)])
        }
    }

    @Test("a refusal is one")
    func refused() throws {
        let codex = try answer(.codexAppServer, #"{"id":0,"error":{"message":"too old"}}"#)
        #expect(codex == .refused("codex refused the handshake: too old"))
        let claude = try answer(
            .claudeStreamJSON,
            #"{"type":"control_response","response":{"subtype":"error","request_id":"r1","error":"no"}}"#)
        #expect(claude == .refused("claude refused the handshake: no"))
    }

    @Test("an ACP agent must speak version 1")
    func version() throws {
        #expect(try answer(.acp, #"{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":1}}"#) == .accepted("acp"))
        let other = try answer(.acp, #"{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":2}}"#)
        guard case .refused? = other else {
            Issue.record("\(String(describing: other))")
            return
        }
    }

    @Test(
        "everything else is passed over",
        arguments: [
            "", "Loading…", "{", "[]", #"{"id":"0","result":{}}"#, #"{"id":1,"result":{}}"#,
            #"{"id":0,"method":"item/commandExecution/requestApproval","params":{}}"#,
            #"{"type":"system","subtype":"init"}"#, #"{"type":"control_response","response":{"request_id":"9"}}"#,
        ])
    func others(line: String) throws {
        for adapter in [AdapterKind.codexAppServer, .claudeStreamJSON, .acp] {
            #expect(try answer(adapter, line) == nil)
        }
    }
}
