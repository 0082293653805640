import Agents
import Testing

@Suite("The first exchange with an agent")
struct AgentHandshakeTests {
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

    @Test("an answer to it is found, and tells how the program names itself")
    func accepted() throws {
        #expect(
            try answer(.codexAppServer, #"{"id":0,"result":{"userAgent":"pandar/0.163.0"}}"#)
                == .accepted("pandar/0.163.0"))
        #expect(try answer(.codexAppServer, #"{"id":0,"result":{}}"#) == .accepted("app-server"))
        #expect(
            try answer(
                .claudeStreamJSON,
                #"{"type":"control_response","response":{"subtype":"success","request_id":"0","response":{}}}"#)
                == .accepted("stream-json"))
        #expect(
            try answer(.acp, #"{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":1}}"#)
                == .accepted("Agent Client Protocol, version 1"))
    }

    @Test("a refusal is one, and so is another version")
    func refused() throws {
        #expect(try answer(.codexAppServer, #"{"id":0,"error":{"message":"too old"}}"#) == .refused("too old"))
        #expect(try answer(.codexAppServer, #"{"id":0}"#) == .refused("its answer has no result"))
        #expect(
            try answer(
                .claudeStreamJSON,
                #"{"type":"control_response","response":{"subtype":"error","request_id":"0","error":"no"}}"#)
                == .refused("no"))
        let other = try answer(.acp, #"{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":2}}"#)
        #expect(other == .refused("it does not speak version 1 of the Agent Client Protocol"))
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
