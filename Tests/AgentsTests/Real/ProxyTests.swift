import Agents
import Foundation
import TaskModel
import TestKit
import Testing

/// The proxy agent beside and after another one, both as stand-ins.
@Suite("A proxy agent in the driver")
struct ProxyTests {
    /// The primary agent, as steps of the Agent Client Protocol.
    private func order(_ run: DriverRun, _ steps: String) throws -> AgentOrder {
        let agent = RealAgent.root.appending(path: "integration/agents/acp_agent.py").path()
        return AgentOrder(
            adapter: .acp, program: ["python3", agent, "--acp"],
            environment: [
                "GEMINI_CLI_HOME": run.folder.appending(path: "bin").path(),
                "ACP_SCRIPT": try run.write("acp.json", "{\"steps\": [\(steps)]}"),
                "ACP_LOG": run.folder.appending(path: "acp.log").path(),
            ], prompt: "Do the task.", directory: run.work.path())
    }

    private static let failing = #"{"text": "I begin."}, {"error": {"code": 400, "message": "too large"}}"#

    @Test("does what the primary could not, and the primary goes on with its session")
    func resume() async throws {
        let run = try DriverRun()
        var order = try order(run, Self.failing + #", {"text": "All done."}"#)
        order.proxy = try run.standInProxy(#"{"shell": "echo mended > mended.txt"}, {"text": "I mended it."}"#)
        let end = try await run.run(order)
        #expect(end.status == 0, "\(end.output)")
        #expect(run.read("mended.txt", in: run.work) == "mended\n")
        #expect(end.values("recovery", "state") == ["began", "succeeded"])
        #expect(end.values("recovery", "by") == ["proxy", "proxy"])
        #expect(end.values("recovery", "text") == ["too large", "I mended it."])
        #expect(end.values("result", "text") == ["All done."])
        #expect(Set(end.values("session", "session")).count == 1, "only the primary's session is told")
        #expect(run.read("proxy.log")?.contains("too large") == true)
        #expect(run.read("acp.log")?.contains("I mended it.") == true)
        for log in ["acp.log", "proxy.log"] { #expect(run.read(log)?.contains("deviation") == false) }
        #expect(end.percentages == end.percentages.sorted() && end.percentages.last == 100)
    }

    @Test("has its own result stand where that is wanted")
    func stand() async throws {
        let run = try DriverRun()
        var order = try order(run, Self.failing)
        order.proxy = try run.standInProxy(#"{"text": "I did it."}"#, recovery: .stand)
        let end = try await run.run(order)
        #expect(end.status == 0, "\(end.output)")
        #expect(end.values("result", "text") == ["I did it."])
        #expect(end.values("recovery", "state") == ["began", "succeeded"])
    }

    @Test("leaves a failure alone where it is off, and where another try is called for")
    func off() async throws {
        for (steps, recovery, code) in [
            (Self.failing, ProxyAgent.Recovery.off, "bad_request"),
            (#"{"error": {"code": 503, "message": "later"}}"#, .resume, "model_unavailable"),
            (#"{"error": {"code": 401, "message": "who"}}"#, .resume, "credentials"),
        ] {
            let run = try DriverRun()
            var order = try order(run, steps)
            order.proxy = try run.standInProxy(#"{"text": "I did it."}"#, recovery: recovery)
            let end = try await run.run(order)
            #expect(end.code == code, "\(end.output)")
            #expect(end.values("recovery", "state").isEmpty)
            #expect(run.read("proxy.log") == nil)
        }
    }

    @Test("that fails too leaves the first failure, with both reasons")
    func both() async throws {
        let run = try DriverRun()
        var order = try order(run, Self.failing)
        order.proxy = try run.standInProxy(#"{"error": {"code": 400, "message": "me neither"}}"#)
        let end = try await run.run(order)
        #expect(end.status == 1)
        #expect(end.code == "bad_request")
        let message = end.values("result", "message").last?.stringValue ?? ""
        #expect(message.contains("too large") && message.contains("proxy") && message.contains("me neither"))
        #expect(end.values("recovery", "state") == ["began", "failed"])
    }

    @Test("is used once")
    func once() async throws {
        let run = try DriverRun()
        var order = try order(run, Self.failing + ", " + Self.failing)
        order.proxy = try run.standInProxy(#"{"text": "Done."}"#)
        let end = try await run.run(order)
        #expect(end.status == 1, "\(end.output)")
        #expect(end.values("recovery", "state") == ["began", "succeeded"])
    }
}

/// What the proxy agent says, and what runs come to together.
@Suite("What the proxy agent is told and says")
struct ProxyTalkTests {
    private static let part = AgentQuestion.Words(
        id: "q", header: "", question: "Which colour?", options: [.init(label: "Red", description: "")])

    @Test("the question, its options, the task and what was wrong before")
    func question() {
        let prompt = ProxyTalk.question([Self.part], prompt: "Paint it.", output: "I look.", complaint: "no line")
        for text in ["Which colour?", "Red", "Paint it.", "I look.", "no line", #"{"answer": "TEXT"}"#, "credential"] {
            #expect(prompt.contains(text))
        }
    }

    @Test(
        "the last line that is an answer counts, whatever is around it",
        arguments: [
            #"{"answer": "Red"}"#, "I think.\n{\"answer\": \"Red\"}", "```json\n{\"answer\": \"Red\"}\n```\n",
            "{\"answer\": \"Blue\"}\n{\"answer\": \"Red\"}",
        ])
    func answers(text: String) {
        #expect(AnswererTalk.answer(Array(text.utf8), to: [Self.part]) == .words(["q": ["Red"]]))
    }

    @Test("tokens are summed over all runs, and the percentage does not fall")
    func accounts() {
        var accounts = RunAccounts()
        let first = accounts.begin()
        #expect(accounts.usage(TokenUsage(input: 5, output: 1), of: first).total == 6)
        let second = accounts.begin()
        #expect(accounts.usage(TokenUsage(input: 10, output: 2), of: second).total == 18)
        #expect(accounts.usage(TokenUsage(input: 7, output: 1), of: first).total == 20)
        #expect(accounts.usage(TokenUsage(input: .max), of: first).input == .max)
        var progress = AgentProgress()
        progress.enter(.working)
        let high = accounts.raised(progress.report)
        #expect(accounts.raised(AgentProgress().report).percent == high.percent)
    }
}
