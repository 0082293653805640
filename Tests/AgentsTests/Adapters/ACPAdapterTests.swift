import Agents
import TaskModel
import Testing

@Suite("The adapter of ACP")
struct ACPAdapterTests {
    private func opened(_ session: String? = nil, canLoad: Bool = true) -> (ACPAdapter, [AgentAction]) {
        var adapter = ACPAdapter(AgentTask(prompt: "p", directory: "/w", session: session, resumeNote: "go on"))
        _ = adapter.start()
        let reply = adapter.receive(
            line: line([
                "jsonrpc": "2.0", "id": 0,
                "result": ["protocolVersion": 1, "agentCapabilities": ["loadSession": .bool(canLoad)]],
            ]))
        return (adapter, reply)
    }

    private func running() -> ACPAdapter {
        var (adapter, _) = opened()
        _ = adapter.receive(line: line(["jsonrpc": "2.0", "id": 1, "result": ["sessionId": "s"]]))
        return adapter
    }

    private func update(_ kind: JSONValue, _ more: [(String, JSONValue)]) -> [UInt8] {
        var update = JSONObject([.init(name: "sessionUpdate", value: kind)])
        for (name, value) in more { update[name] = value }
        return line([
            "jsonrpc": "2.0", "method": "session/update", "params": ["sessionId": "s", "update": .object(update)],
        ])
    }

    private func ask(_ kinds: [JSONValue]) -> [UInt8] {
        let options = kinds.enumerated().map { ["optionId": .integer(Int64($0)), "kind": $1] as JSONValue }
        let named = options.map { option -> JSONValue in
            var object = option.objectValue ?? JSONObject()
            object["optionId"] = .string("o\(object["optionId"]?.integerValue ?? 0)")
            return .object(object)
        }
        return line([
            "jsonrpc": "2.0", "id": 0, "method": "session/request_permission",
            "params": [
                "sessionId": "s", "options": .array(named),
                "toolCall": ["toolCallId": "c", "title": "make test", "kind": "execute"],
            ],
        ])
    }

    @Test("chooses by kind, and only what holds for once")
    func options() throws {
        var adapter = running()
        let question = try #require(
            adapter.receive(line: ask(["allow_always", "allow_once", "reject_always", "reject_once"])).questions.first)
        #expect(question.kind == .command("make test", directory: "/w"))
        let outcome: JSONValue = ["outcome": ["outcome": "selected", "optionId": "o1"]]
        #expect(adapter.answer(question.id, .accept).written == [["jsonrpc": "2.0", "id": 0, "result": outcome]])
    }

    @Test("gives no answer that would hold for ever")
    func noOnce() throws {
        var adapter = running()
        let question = try #require(adapter.receive(line: ask(["allow_always", "reject_always"])).questions.first)
        #expect(adapter.answer(question.id, .accept).written.first?.objectValue?["error"] != nil)
    }

    @Test("answers open questions with cancelled after an interruption, and not before it")
    func interrupted() throws {
        var adapter = running()
        _ = adapter.receive(line: ask(["allow_once", "reject_once"]))
        let written = adapter.interrupt().written
        #expect(written.first?.objectValue?["method"] == "session/cancel")
        #expect(written.last?.objectValue?["result"] == ["outcome": ["outcome": "cancelled"]])
        let ended = adapter.receive(line: line(["jsonrpc": "2.0", "id": 2, "result": ["stopReason": "cancelled"]]))
        #expect(ended.results == [.interrupted])
    }

    @Test("puts chunks together into lines, and tells the plan")
    func text() {
        var adapter = running()
        let chunks = ["Hel", "lo\nwor", "ld"].map {
            update("agent_message_chunk", [("content", ["text": .string($0)])])
        }
        var actions = chunks.flatMap { adapter.receive(line: $0) }
        let entry: JSONValue = ["content": "Write", "priority": "medium", "status": "completed"]
        actions += adapter.receive(line: update("plan", [("entries", [entry])]))
        actions += adapter.receive(line: line(["jsonrpc": "2.0", "id": 2, "result": ["stopReason": "end_turn"]]))
        #expect(actions.texts == ["Hello", "world"])
        #expect(actions.plans == [[PlanStep(step: "Write", status: .completed)]])
        #expect(actions.results == [.success("Hello\nworld")])
    }

    @Test("loads a session without telling its past again")
    func loads() {
        var (adapter, reply) = opened("s")
        #expect(reply.written.first?.objectValue?["method"] == "session/load")
        let past = adapter.receive(line: update("agent_message_chunk", [("content", ["text": "old\n"])]))
        #expect(past.texts.isEmpty)
        let prompt = adapter.receive(line: line(["jsonrpc": "2.0", "id": 1, "result": [:]]))
        #expect(prompt.written.first?.objectValue?["method"] == "session/prompt")
        #expect(String(decoding: JSONWriter.bytes(of: prompt.written[0]), as: UTF8.self).contains("go on"))
    }

    @Test("calls a session lost that the agent cannot take up")
    func cannotLoad() {
        let (_, reply) = opened("s", canLoad: false)
        guard case .failed(let failure) = reply.results.first else {
            Issue.record("\(reply)")
            return
        }
        #expect(failure.code == .sessionLost)
    }
}
