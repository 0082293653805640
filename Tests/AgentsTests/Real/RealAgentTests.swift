import Agents
import Foundation
import TaskModel
import TestKit
import Testing

/// Each runs the real program behind `pandar-agent`, outside of a sandbox, against a scripted model.
@Suite(
    "Real agents behind the driver",
    .enabled(if: !RealAgent.installed.isEmpty, Comment(rawValue: RealAgent.absence)))
struct RealAgentTests {
    @Test("edit and commit", arguments: RealAgent.installed)
    func commits(agent: RealAgent) async throws {
        let run = try DriverRun()
        let command = "echo hello > greeting.txt && git add greeting.txt && git commit -qm greeting"
        let order = try run.order(agent, turns: "{\"calls\": [\(agent.shell(command))]}, {\"text\": \"Done.\"}")
        let end = try await run.run(order)
        #expect(end.status == 0, "\(end.output)")
        #expect(try run.git("log", "--format=%s") == "greeting\n")
        #expect(end.output.contains("Done."))
        #expect(end.values("usage", "output").last != nil)
        #expect(end.percentages == end.percentages.sorted())
        #expect(end.percentages.last == 100)
    }

    @Test("do not push what is declined, and are told why", arguments: RealAgent.installed)
    func declined(agent: RealAgent) async throws {
        let (end, log) = try await push(agent, approved: false)
        #expect(log == "ask\n")
        #expect(end.output.contains("not on a Friday"))
        #expect(end.values("answer", "by") == ["gate"])
    }

    @Test("push what is approved, which is asked about once before", arguments: RealAgent.installed)
    func approved(agent: RealAgent) async throws {
        let (end, log) = try await push(agent, approved: true)
        #expect(log == "ask\npush\n", "\(end.output)")
    }

    private func push(_ agent: RealAgent, approved: Bool) async throws -> (DriverRun.End, String?) {
        let run = try DriverRun()
        try run.write(
            "bin/git-remote-pandar",
            """
            #!/bin/sh
            echo "${PANDAR_PUSH:-push}" >> '\(run.folder.path())/asked'
            refs=
            while read -r line; do
                case "$line" in
                capabilities) printf 'push\\n\\n' ;;
                list*) printf '\\n' ;;
                push*) refs="$refs ${line##*:}" ;;
                '')
                    [ -z "$refs" ] && exit 0
                    \(approved ? "for ref in $refs; do echo \"ok $ref\"; done; echo" : "echo 'ana: not on a Friday' >&2; exit 1")
                    refs=
                    ;;
                esac
            done
            """, executable: true)
        try run.git("commit", "-q", "--allow-empty", "-m", "first")
        try run.git("remote", "add", "origin", "pandar::somewhere")
        let turns = "{\"calls\": [\(agent.shell("git push origin main"))]}, {\"text\": \"Done.\"}"
        let end = try await run.run(try run.order(agent, turns: turns))
        #expect(end.status == 0, "\(end.output)")
        return (end, run.read("asked"))
    }

    @Test("tell a plan, by which progress grows", arguments: RealAgent.installed)
    func plan(agent: RealAgent) async throws {
        let run = try DriverRun()
        let scripts = RealAgent.root.appending(path: "integration/agents/scripts/\(agent.rawValue)-plan.json")
        let script = try #require(JSONParser.parse(Array(Data(contentsOf: scripts))).objectValue)
        let turns = script["turns"]?.arrayValue?.map { String(decoding: JSONWriter.bytes(of: $0), as: UTF8.self) }
        let end = try await run.run(try run.order(agent, turns: try #require(turns).joined(separator: ",")))
        #expect(end.status == 0, "\(end.output)")
        let last = try #require(end.values("plan", "plan").last?.arrayValue)
        #expect(last.count == 2)
        #expect(last.allSatisfy { $0.objectValue?["status"] == "completed" })
        #expect(end.percentages == end.percentages.sorted())
        #expect(end.percentages.contains(50))
    }

    @Test(
        "fail with the reason when the model does",
        arguments: RealAgent.installed,
        [(500, 75, "model_unavailable"), (401, 77, "credentials")] as [(Int, Int32, String)])
    func modelFails(agent: RealAgent, failure: (answer: Int, status: Int32, code: String)) async throws {
        let run = try DriverRun()
        let end = try await run.run(try run.order(agent, turns: "{\"error\": {\"status\": \(failure.answer)}}"))
        #expect(end.status == failure.status, "\(end.output)")
        #expect(end.code == failure.code)
        #expect(!end.values("retrying", "reason").isEmpty)
    }

    @Test("stopped in mid-tool leave no process, and go on with their session", arguments: RealAgent.installed)
    func stopAndResume(agent: RealAgent) async throws {
        let run = try DriverRun()
        let fifo = try run.fifo("started")
        let command = DriverRun.stayingCommand(fifo)
        // Twice: what an interrupted call gave counts as a result for one of them and not for the other.
        let call = "{\"calls\": [\(agent.shell(command))]}"
        // An agent that does not wait for its tool asks the model again, which answers only after the stop.
        let later = "\"wait_for\": \"\(run.work.appending(path: "go").path())\""
        var order = try run.order(
            agent,
            turns: "\(call), {\"calls\": [\(agent.shell(command))], \(later)}, {\"text\": \"Done.\", \(later)}")
        let (stopped, tool) = try await run.stopped(order, at: fifo)
        #expect(stopped.status == 143, "\(stopped.output)")
        #expect(kill(tool, 0) == -1 && errno == ESRCH)

        try run.write("go", "", in: run.work)
        order.session = stopped.session
        #expect(order.session != nil)
        order.resumeNote = "Pandar was restarted; go on where you were."
        let resumed = try await run.run(order)
        #expect(resumed.status == 0, "\(resumed.output)")
        #expect(resumed.session == order.session)
        #expect(run.read("greeting.txt", in: run.work) == "hello\n")
        let request = run.read("requests")?.split(separator: "\n").last { $0.contains("Pandar was restarted") }
        #expect(request?.contains("Do the task.") == true, "the conversation goes on")
    }

    @Test("begin anew where the session is not there any more", arguments: RealAgent.installed)
    func lostSession(agent: RealAgent) async throws {
        let run = try DriverRun()
        var order = try run.order(agent, turns: "{\"text\": \"Done.\"}")
        order.session = "01a212aa-e500-74f2-9316-c11adbdeb1dd"
        let end = try await run.run(order)
        #expect(end.status == 0, "\(end.output)")
        #expect(end.output.contains("cannot be resumed"))
        #expect(end.session != order.session)
    }

    @Test("ask in words, and are answered", arguments: RealAgent.installed)
    func question(agent: RealAgent) async throws {
        let run = try DriverRun()
        let call = agent.question("Which colour?", ["Red", "Blue"])
        var order = try run.order(agent, turns: "{\"calls\": [\(call)]}, {\"text\": \"Done.\"}")
        // Codex does not ask in words by itself; it calls that under development.
        if agent == .codex { order.program += ["-c", "features.default_mode_request_user_input=true"] }
        order.proxy = try run.standInProxy("{\"text\": \"I think.\\n{\\\"answer\\\": \\\"Blue\\\"}\"}")
        let end = try await run.run(order)
        #expect(end.status == 0, "\(end.output)")
        let answers = try #require(end.values("answer", "answer").first?.objectValue?["answers"]?.objectValue)
        #expect(answers.members.map(\.value) == [["Blue"]])
        let told = run.read("requests")?.split(separator: "\n").last { $0.contains("Which colour?") } ?? ""
        #expect(told.split(separator: "Blue").count > told.split(separator: "Red").count, "the model is told")
        #expect(end.values("answer", "by") == ["proxy"])
        #expect(run.read("proxy.log")?.contains("Which colour?") == true)
        #expect(run.read("proxy.log")?.contains("deviation") == false)
    }

    @Test(
        "are answered by each other, and the tokens of both count", .enabled(if: RealAgent.installed.count == 2),
        arguments: RealAgent.installed)
    func answeredByAnother(agent: RealAgent) async throws {
        let run = try DriverRun()
        let other: RealAgent = agent == .codex ? .claude : .codex
        // The first try is not readable, and it wants to use a tool, which it may not.
        let shell = other.shell("echo no > forbidden.txt")
        let answers = """
            {"sessions": [{"when": "could not be used", "turns": [{"text": "{\\"answer\\": \\"Blue\\"}"}]},
            {"turns": [{"calls": [\(shell)]}, {"text": "Blue, I think."}]}]}
            """
        let proxyRun = try DriverRun()
        let standing = try proxyRun.order(other, document: answers)
        let call = agent.question("Which colour?", ["Red", "Blue"])
        var order = try run.order(agent, turns: "{\"calls\": [\(call)]}, {\"text\": \"Done.\"}")
        if agent == .codex { order.program += ["-c", "features.default_mode_request_user_input=true"] }
        order.proxy = ProxyAgent(
            agent: other.rawValue, adapter: standing.adapter, program: standing.program,
            environment: standing.environment)
        let end = try await run.run(order)
        #expect(end.status == 0, "\(end.output)")
        #expect(end.values("answer", "by") == [.string(other.rawValue)], "\(end.output)")
        let answer = try #require(end.values("answer", "answer").first?.objectValue?["answers"]?.objectValue)
        #expect(answer.members.map(\.value) == [["Blue"]])
        #expect(run.read("forbidden.txt", in: run.work) == nil)
        // Each model's answer counts 1000 tokens: two of the primary, three of the proxy in two runs.
        #expect((end.values("usage", "input").last?.integerValue ?? 0) >= 4000)
    }
}
