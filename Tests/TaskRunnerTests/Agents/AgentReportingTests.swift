import Agents
import Foundation
import TaskModel
import Testing

@testable import TaskRunner

/// A script stands in place of the driver and says what it likes.
@Suite("What an agent's driver reports")
struct AgentReportingTests {
    @Test(
        "decides what a failure calls for; the agent's words are the task's error",
        arguments: AgentFixture.Walls.allCases,
        [
            ("model_unavailable", "transient", 75), ("rate_limited", "transient", 75), ("credentials", "final", 77),
            ("bad_request", "recovery", 1),
        ])
    func failures(walls: AgentFixture.Walls, failure: (code: String, cause: String, status: Int)) async throws {
        let fixture = try AgentFixture(
            walls,
            driver: """
                tell("retrying", reason="busy", delay_ms=4000)
                fail("\(failure.code)", "\(failure.cause)", "it is not to be had", \(failure.status))
                """)
        let report = try await fixture.run()
        #expect(report.outcome == .failed)
        #expect(report.result.error == "mimic: it is not to be had")
        #expect(report.failure?.code == failure.code)
        #expect(report.failure?.cause.rawValue == failure.cause)
        #expect(report.failure?.retryAfterMilliseconds == (failure.cause == "transient" ? 4000 : nil))
        #expect(report.result.exitCode == Int32(failure.status))
        #expect(fixture.events.compactMap(\.agentEvent).map(\.kind) == [.retrying])
        // Only who will try the same again finds his files.
        try await eventually("the workspace stays, or goes") {
            try fixture.exists("workspace", attempt: 1) == (failure.cause == "transient")
        }
    }

    @Test(
        "where it says nothing, its exit status does",
        arguments: [(75, "transient", "other"), (77, "final", "credentials"), (3, "recovery", "other")])
    func silent(end: (status: Int, cause: String, code: String)) async throws {
        let fixture = try AgentFixture(.none, driver: "sys.exit(\(end.status))")
        let report = try await fixture.run()
        #expect(report.failure?.cause.rawValue == end.cause)
        #expect(report.failure?.code == end.code)
        #expect(report.result.error == "exit code \(end.status)")
    }

    @Test("tells tokens and cost, of the proxy agent too, and who recovered", arguments: AgentFixture.Walls.allCases)
    func accounts(walls: AgentFixture.Walls) async throws {
        let fixture = try AgentFixture(
            walls,
            driver: """
                tell("usage", input=100, cached=40, output=10, cost_usd=0.5)
                tell("usage", input=200, cached=50, output=20, cost_usd=1.25)
                tell("usage", by="helper", input=7, output=3)
                tell("question", id=1, question={"kind": "words", "questions": [{"id": "a", "question": "Which?"}]})
                tell("answer", id=1, by="helper", answer={"decision": "words", "answers": {"a": ["Blue"]}})
                tell("question", id=2, question={"kind": "command", "command": "ls"})
                tell("answer", id=2, by="policy", answer={"decision": "accept"})
                tell("recovery", by="helper", state="began", text="the tests fail")
                tell("recovery", by="helper", state="succeeded", text="they pass")
                tell("strange", text="something")
                tell("result", status="success", text="Done.")
                """, proxy: AgentDefinition(name: "helper", program: "helper", adapter: .acp))
        let report = try await fixture.run(metadata: TaskMetadata(proxyAgent: "helper"))
        #expect(report.outcome == .completed, "\(fixture.output(1, .stderr))")
        let agent = try #require(report.agent)
        #expect(agent.usage == TokenUsage(input: 207, cached: 50, output: 23, costMicros: 1_250_000))
        #expect(agent.answers == 1)
        #expect(agent.recoveredBy == "helper")
        let events = fixture.events.compactMap(\.agentEvent)
        #expect(events.map(\.kind) == [.question, .answer, .recovery, .recovery])
        #expect(events.map(\.by) == ["mimic", "helper", "helper", "helper"])
        #expect(events[0].text == "Which?" && events[1].text == "Blue")
        let seqs = fixture.events.map(\.seq)
        #expect(seqs == Array(1...Int64(seqs.count)))
    }

    @Test(
        "may be nonsense in any amount: others go on, and the end is still heard",
        arguments: AgentFixture.Walls.allCases)
    func flood(walls: AgentFixture.Walls) async throws {
        let fixture = try AgentFixture(
            walls,
            driver: """
                import threading
                def flood():
                    junk = [b'{"type":"progress","phase":"working","percent":50}\\n' * 50, b'{' * 3000 + b'\\n',
                            b'{"type":"retrying","reason":"x"}\\n' * 100, b'\\xff\\xfe{}\\n' * 100, b'{"type":7}\\n',
                            b'{"type":"usage","input":1e400,"output":-5,"cost_usd":1e999}\\n',
                            b'{"type":"progress","phase":"done","percent":99999999999999999999}\\n',
                            b'{"type":"session","session":"a b\\\\u0000"}\\n', b'x' * 100000 + b'\\n']
                    count = 0
                    while not os.path.exists("stop"):
                        os.write(reports.fileno(), junk[count % len(junk)])
                        count += 1
                print("up", flush=True)
                flood()
                os.write(reports.fileno(), b'\\n')
                tell("session", session="good")
                tell("result", status="success", text="Done.")
                """)
        let ref = try fixture.start()
        try await fixture.runner.printed("up", by: ref)
        // On all threads, and so on the flooded one too.
        for index in 0..<12 {
            let other = try fixture.runner.start("echo other", id: "other-\(index)")
            #expect(try await fixture.runner.finished(other).outcome == .completed)
        }
        try Data().write(to: URL(filePath: fixture.runner.directory + "/task-1/workspace/stop"))
        let report = try await fixture.runner.finished(ref)
        #expect(report.outcome == .completed, "\(report.result.error ?? "") \(fixture.output(1, .stderr))")
        #expect(report.agent?.session?.id == "good")
        let told = fixture.events.count { $0.ref == ref }
        // Bounded by the time it took, which is not known: by far less than was said.
        #expect(told < 2000)
    }

    @Test("hears of a SIGTERM alone: it ends its agent in order", arguments: AgentFixture.Walls.allCases)
    func terminated(walls: AgentFixture.Walls) async throws {
        let fixture = try AgentFixture(
            walls,
            driver: """
                import subprocess
                child = subprocess.Popen(["sh", "-c", "trap 'echo CHILD GOT IT' TERM; echo up; while :; do sleep 0.05; done"],
                    start_new_session=True)
                def end(*_):
                    print("driver got it", flush=True)
                    child.kill()
                    child.wait()
                    tell("result", status="interrupted")
                    sys.exit(143)
                signal.signal(signal.SIGTERM, end)
                while True: time.sleep(60)
                """)
        let ref = try fixture.start()
        try await fixture.runner.printed("up", by: ref)
        fixture.runner.executor.stop(ref, reason: .parked)
        let report = try await fixture.runner.finished(ref)
        #expect(report.outcome == .interrupted)
        #expect(report.failure == nil)
        #expect(fixture.output().contains("driver got it"))
        #expect(!fixture.output().contains("CHILD GOT IT"))
    }

    @Test(
        "its order holds what the agent needs, in a file that it cannot change",
        arguments: AgentFixture.Walls.allCases)
    func order(walls: AgentFixture.Walls) async throws {
        let fixture = try AgentFixture(
            walls,
            driver: """
                print(json.dumps(order), flush=True)
                print(os.environ["HOME"], os.getcwd(), oct(os.stat(sys.argv[1]).st_mode & 0o777), flush=True)
                try:
                    os.remove(sys.argv[1]) if "/run/" in sys.argv[1] else None
                except OSError:
                    print("kept")
                """, proxy: AgentDefinition(name: "claude", program: "/opt/claude", adapter: .claudeStreamJSON))
        let report = try await fixture.run(
            "mimic audit --fix", metadata: TaskMetadata(proxyAgent: "claude", context: "Be quick."))
        #expect(report.outcome == .completed)
        let lines = fixture.output().split(separator: "\n").map(String.init)
        let order = try AgentOrder(json: Array(lines[0].utf8))
        #expect(order.adapter == .acp)
        #expect(order.program == ["mimic-program"])
        #expect(order.prompt.hasPrefix("audit --fix\n\n# Context\n\nBe quick."))
        #expect(order.graceSeconds == 8)
        #expect(order.session == nil)
        #expect(order.proxy?.program == ["/opt/claude"])
        let home = lines[1].split(separator: " ")[0]
        #expect(order.environment["GEMINI_CLI_HOME"] == String(home))
        #expect(order.proxy?.environment["CLAUDE_CONFIG_DIR"] == "\(home)/.claude")
        #expect(lines[1].hasSuffix("0o444"))
        if walls == .sandbox {
            #expect(order.directory == "/workspace")
            #expect(lines.last == "kept")
        }
    }
}
