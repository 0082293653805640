import Agents
import TaskModel
import Testing

@Suite("The adapter of Codex")
struct CodexAdapterTests {
    /// An adapter whose turn runs.
    private func running() -> CodexAdapter {
        var adapter = CodexAdapter(AgentTask(prompt: "p", directory: "/w"))
        _ = adapter.start()
        _ = adapter.receive(line: line(["id": 0, "result": [:]]))
        _ = adapter.receive(line: line(["id": 1, "result": ["thread": ["id": "t"]]]))
        _ = adapter.receive(line: line(["id": 2, "result": ["turn": ["id": "u"]]]))
        return adapter
    }

    private func told(_ method: JSONValue, _ parameters: JSONValue, id: JSONValue? = nil) -> [UInt8] {
        var frame = JSONObject([.init(name: "method", value: method), .init(name: "params", value: parameters)])
        frame["id"] = id
        return line(.object(frame))
    }

    @Test("answers requests whose ids are 0 or strings with the same id", arguments: [0, "zero"] as [JSONValue])
    func ids(id: JSONValue) throws {
        var adapter = running()
        let request = told("item/commandExecution/requestApproval", ["command": "ls", "cwd": "/w"], id: id)
        let question = try #require(adapter.receive(line: request).questions.first)
        #expect(question.kind == .command("ls", directory: "/w"))
        #expect(adapter.receive(line: request).questions.isEmpty, "a repeated frame is no second question")
        #expect(adapter.answer(question.id, .accept).written == [["id": id, "result": ["decision": "accept"]]])
        #expect(adapter.answer(question.id, .accept).written.isEmpty)
    }

    @Test("takes a question back when the agent does")
    func withdrawn() throws {
        var adapter = running()
        let asked = adapter.receive(line: told("item/fileChange/requestApproval", ["itemId": "i"], id: 5))
        let question = try #require(asked.questions.first)
        let resolved = adapter.receive(line: told("serverRequest/resolved", ["threadId": "t", "requestId": 5]))
        #expect(resolved.contains(.withdraw(question.id)))
        #expect(adapter.answer(question.id, .accept).written.isEmpty)
    }

    @Test("never grants for longer than once")
    func once() throws {
        var adapter = running()
        let rights: JSONValue = ["network": ["enabled": true]]
        let asked = adapter.receive(
            line: told("item/permissions/requestApproval", ["permissions": rights, "reason": "r"], id: 1))
        let question = try #require(asked.questions.first)
        guard case .permission = question.kind else {
            Issue.record("\(question)")
            return
        }
        #expect(
            adapter.answer(question.id, .decline(reason: "no")).written == [
                ["id": 1, "result": ["permissions": [:], "scope": "turn"]]
            ])
    }

    @Test("puts questions in words, and the refusal into the answer")
    func words() throws {
        var adapter = running()
        let part: JSONValue = [
            "id": "q", "header": "h", "question": "Which?", "options": [["label": "A", "description": ""]],
        ]
        let asked = adapter.receive(line: told("item/tool/requestUserInput", ["questions": [part]], id: 0))
        let question = try #require(asked.questions.first)
        let reply = adapter.answer(question.id, .words(["q": ["A"]]))
        #expect(reply.written == [["id": 0, "result": ["answers": ["q": ["answers": ["A"]]]]]])
    }

    @Test("refuses what it does not know, so that the agent does not wait for ever")
    func unknown() {
        var adapter = running()
        let reply = adapter.receive(line: told("item/tool/call", [:], id: 7))
        #expect(reply.written.first?.objectValue?["error"]?.objectValue?["code"] == -32601)
    }

    @Test("leaves the end of other threads and turns alone")
    func others() {
        var adapter = running()
        let turn: JSONValue = ["id": "u", "status": "completed"]
        #expect(adapter.receive(line: told("turn/completed", ["threadId": "x", "turn": turn])).results.isEmpty)
        let other: JSONValue = ["id": "v", "status": "completed"]
        #expect(adapter.receive(line: told("turn/completed", ["threadId": "t", "turn": other])).results.isEmpty)
        #expect(
            adapter.receive(line: told("turn/completed", ["threadId": "t", "turn": turn])).results == [.success("")])
    }

    @Test("says that the session is lost when it cannot be resumed")
    func lost() {
        var adapter = CodexAdapter(AgentTask(prompt: "p", directory: "/w", session: "gone"))
        _ = adapter.start()
        let opened = adapter.receive(line: line(["id": 0, "result": [:]]))
        #expect(opened.written.last?.objectValue?["method"] == "thread/resume")
        let refused = adapter.receive(line: line(["id": 1, "error": ["code": -32600, "message": "no rollout"]]))
        guard case .failed(let failure) = refused.results.first else {
            Issue.record("\(refused)")
            return
        }
        #expect(failure.code == .sessionLost)
    }

    @Test("reads the end although a string in it was cut within a character")
    func halfCharacter() {
        var adapter = running()
        let text =
            #"{"method":"turn/completed","params":{"threadId":"t","note":"\ud83d","turn":{"id":"u","status":"completed"}}}"#
        #expect(adapter.receive(line: Array(text.utf8)).results == [.success("")])
    }
}
