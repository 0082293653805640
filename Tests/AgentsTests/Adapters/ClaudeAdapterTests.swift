import Agents
import TaskModel
import Testing

@Suite("The adapter of Claude")
struct ClaudeAdapterTests {
    private func running() -> ClaudeAdapter {
        var adapter = ClaudeAdapter(AgentTask(prompt: "p", directory: "/w"))
        _ = adapter.start()
        _ = adapter.receive(
            line: line(["type": "control_response", "response": ["subtype": "success", "request_id": "r1"]]))
        return adapter
    }

    private func request(_ id: JSONValue, _ tool: JSONValue, _ input: JSONValue) -> [UInt8] {
        line([
            "type": "control_request", "request_id": id,
            "request": ["subtype": "can_use_tool", "tool_name": tool, "input": input, "tool_use_id": "u"],
        ])
    }

    @Test("holds two questions at once, each with an answer of its own")
    func two() throws {
        var adapter = running()
        let first = try #require(adapter.receive(line: request("a", "Bash", ["command": "x"])).questions.first)
        let second = try #require(adapter.receive(line: request("b", "Bash", ["command": "y"])).questions.first)
        let denied = adapter.answer(second.id, .decline(reason: "no"))
        let allowed = adapter.answer(first.id, .accept)
        let ids = (denied + allowed).written.map { $0.objectValue?["response"]?.objectValue?["request_id"] }
        #expect(ids == ["b", "a"])
        let behaviours = (denied + allowed).written.map {
            $0.objectValue?["response"]?.objectValue?["response"]?.objectValue?["behavior"]
        }
        #expect(behaviours == ["deny", "allow"])
    }

    @Test("takes a cancelled question back")
    func cancelled() throws {
        var adapter = running()
        let question = try #require(adapter.receive(line: request("a", "Bash", ["command": "x"])).questions.first)
        let actions = adapter.receive(line: line(["type": "control_cancel_request", "request_id": "a"]))
        #expect(actions.contains(.withdraw(question.id)))
        #expect(adapter.answer(question.id, .accept).written.isEmpty)
    }

    @Test("lets no tool run that is not asked about but those that only look")
    func hooks() {
        var adapter = running()
        let decisions = ["Bash", "Write", "WebFetch", "mcp__x__y", "SomethingNew", "Read", "TaskUpdate"].map { tool in
            adapter.receive(
                line: line([
                    "type": "control_request", "request_id": .string("h" + tool),
                    "request": [
                        "subtype": "hook_callback", "callback_id": "gate", "input": ["tool_name": .string(tool)],
                    ],
                ])
            ).written.first?.objectValue?["response"]?.objectValue?["response"]?.objectValue?["hookSpecificOutput"]?
            .objectValue?["permissionDecision"]
        }
        #expect(decisions == ["ask", "ask", "ask", "ask", "ask", "allow", "allow"])
    }

    @Test("does not take a success with an error in it for one")
    func successWithError() {
        var adapter = running()
        let actions = adapter.receive(
            line: line([
                "type": "result", "subtype": "success", "is_error": true, "api_error_status": 529,
                "result": "overloaded",
            ]))
        #expect(actions.results == [.failed(AgentFailure(.modelUnavailable, "overloaded"))])
    }

    @Test("leaves open questions without an answer when it is interrupted, and is ended")
    func interrupted() throws {
        var adapter = running()
        _ = adapter.receive(line: request("a", "Bash", ["command": "x"]))
        let actions = adapter.interrupt()
        #expect(actions.written.isEmpty && actions.results.isEmpty && actions.last == .terminate)
        #expect(adapter.ended(exitCode: 143).results == [.interrupted])
    }

    @Test("is interrupted by its protocol where nothing is asked, and waits for the end")
    func interruptedAtWork() throws {
        var adapter = running()
        let actions = adapter.interrupt()
        #expect(actions.written.count == 1 && actions.results.isEmpty)
        let ended = adapter.receive(line: line(["type": "result", "subtype": "error_during_execution"]))
        #expect(ended.results == [.interrupted])
    }
}
