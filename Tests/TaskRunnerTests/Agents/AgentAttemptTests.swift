import Agents
import Foundation
import TaskModel
import TaskRunner
import Testing

/// The strict stand-in behind the real driver: what deviates from the protocol ends it with an error.
@Suite("An attempt of an agent")
struct AgentAttemptTests {
    @Test("does its work in the workspace and tells session, plan and progress", arguments: AgentFixture.Walls.allCases)
    func completes(walls: AgentFixture.Walls) async throws {
        let fixture = try AgentFixture(
            walls,
            steps: """
                {"plan": [["Write", "in_progress"], ["Check", "pending"]]}, {"text": "I write."},
                {"shell": "echo hello > greeting; cat greeting; pwd"},
                {"plan": [["Write", "completed"], ["Check", "completed"]]}, {"text": "Done."}
                """)
        let report = try await fixture.run()
        #expect(report.outcome == .completed, "\(report.result.error ?? "") \(fixture.output(1, .stderr))")
        #expect(report.failure == nil)
        #expect(report.progress == TaskProgress(percent: 100, phase: "done"))
        let output = fixture.output()
        #expect(output.contains("I write.") && output.contains("hello") && output.contains("Done."))
        if walls == .sandbox { #expect(output.contains("/workspace")) }
        let agent = try #require(report.agent)
        #expect(agent.session?.agent == "mimic")
        #expect(agent.session?.id.isEmpty == false)
        #expect(agent.plan.map(\.step) == ["Write", "Check"])
        #expect(agent.plan.allSatisfy { $0.status == .completed })
        let percentages = fixture.events.map(\.progress.percent)
        #expect(percentages == percentages.sorted())
        // Without a single heartbeat: what is new is told at once.
        let early = fixture.reports.filter { $0.kind == .heartbeat && $0.agent?.session != nil }
        #expect(!early.isEmpty)
        #expect(fixture.events.dropLast().allSatisfy { $0.progress.percent < 100 })
    }

    @Test("that is cancelled in the middle of a tool leaves no process", arguments: AgentFixture.Walls.allCases)
    func cancel(walls: AgentFixture.Walls) async throws {
        let mark = "31\(Int.random(in: 100_000...999_999))"
        let fixture = try AgentFixture(walls, steps: "{\"shell\": \"exec sleep \(mark)\"}, {\"text\": \"Done.\"}")
        let ref = try fixture.start()
        try await eventually("the tool runs") { !Self.processes(mark).isEmpty }
        fixture.runner.executor.stop(ref, reason: .cancelled)
        let report = try await fixture.runner.finished(ref)
        #expect(report.outcome == .cancelled)
        #expect(report.failure == nil)
        try await eventually("nothing is left") { Self.processes(mark).isEmpty }
    }

    @Test("that must be killed leaves no process, though without a sandbox it is in a group of its own")
    func killed() async throws {
        let mark = "32\(Int.random(in: 100_000...999_999))"
        let fixture = try AgentFixture(
            .none, steps: "{\"shell\": \"exec sleep \(mark)\"}", killGraceSeconds: 0)
        let ref = try fixture.start()
        try await eventually("the tool runs") { !Self.processes(mark).isEmpty }
        fixture.runner.executor.stop(ref, reason: .cancelled)
        #expect(try await fixture.runner.finished(ref).outcome == .cancelled)
        try await eventually("nothing is left") { Self.processes(mark).isEmpty }
    }

    /// Processes that sleep for just that long.
    private static func processes(_ seconds: String) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.filter { pid in
            let words = Int(pid) == nil ? nil : FileManager.default.contents(atPath: "/proc/\(pid)/cmdline")
            return words.map { String(decoding: $0, as: UTF8.self) } == "sleep\0\(seconds)\0"
        }
    }

    @Test("goes on with its session, in the workspace that was kept for it", arguments: AgentFixture.Walls.allCases)
    func resumes(walls: AgentFixture.Walls) async throws {
        let wait = "if [ -e left ]; then echo again; else echo x > left; echo up > up; exec sleep 1000; fi"
        let fixture = try AgentFixture(walls, steps: "{\"shell\": \"\(wait)\"}, {\"text\": \"Done.\"}")
        let first = try fixture.start()
        try await fixture.runner.sink.wait("the tool runs") { recorded in
            recorded.reports.contains { $0.agent?.session != nil }
        }
        try await eventually("the tool has begun") { try fixture.exists("workspace/up", attempt: 1) }
        fixture.runner.executor.stop(first, reason: .parked)
        let parked = try await fixture.runner.finished(first)
        #expect(parked.outcome == .interrupted)
        let session = try #require(parked.agent?.session)
        let second = try fixture.start(attempt: 2) {
            $0.resumption = AgentResumption(session: session, note: "Somebody has agreed; go on.")
        }
        let report = try await fixture.runner.finished(second)
        #expect(report.outcome == .completed, "\(report.result.error ?? "") \(fixture.output(2, .stderr))")
        #expect(report.agent?.session == session)
        #expect(fixture.output(2).contains("again"))
        try await eventually("nothing is kept of what is done") {
            try !fixture.exists("workspace", attempt: 1) && !fixture.exists("workspace", attempt: 2)
        }
    }

    @Test("begins anew with the note where its workspace is gone")
    func workspaceGone() async throws {
        let fixture = try AgentFixture(.sandbox, steps: "{\"text\": \"Done.\"}")
        let session = AgentSession(agent: "mimic", id: "gone")
        let report = try await fixture.run {
            $0.resumption = AgentResumption(session: session, note: "Somebody has agreed.")
        }
        #expect(report.outcome == .completed)
        #expect(report.agent?.session != session)
    }

    @Test("whose program is not there fails with its name, and says that the same again is of no use")
    func missing() async throws {
        let place = try Place()
        let agent = AgentDefinition(name: "ghost", program: place / "no-such-program", adapter: .acp)
        let fixture = try RunnerFixture(
            isolation: RunnerFixture.sandbox(), agents: AgentCatalog([agent]),
            agentProgram: try HostProcess.built("pandar-agent").path())
        let report = try await fixture.run("ghost hello")
        #expect(report.outcome == .failed)
        #expect(report.failure == AttemptFailure(cause: .recovery, code: "other"))
        let error = report.result.error ?? ""
        #expect(error.contains("no-such-program could not be started"), "\(error)")
    }

    @Test("has three descriptors, none of them the driver's", arguments: AgentFixture.Walls.allCases)
    func descriptors(walls: AgentFixture.Walls) async throws {
        let look = """
            import os, sys
            def is_open(number):
                try: os.fstat(number)
                except OSError: return False
                return True
            print([number for number in range(256) if is_open(number)], file=sys.stderr)
            """
        let agent = AgentDefinition(name: "mimic", program: "python3", adapter: .acp, arguments: ["-c", look])
        let fixture = try AgentFixture(walls, try Place(), agent, project: Project(id: 1, name: "test"))
        let report = try await fixture.run()
        #expect(report.outcome == .failed)
        #expect(report.failure != nil)
        #expect(fixture.output(1, .stderr).contains("[0, 1, 2]\n"), "\(fixture.output(1, .stderr))")
    }

    @Test("whose proxy agent is not known is not begun, and not tried again")
    func unknownProxy() async throws {
        let fixture = try AgentFixture(.sandbox, steps: "{\"text\": \"Done.\"}")
        let report = try await fixture.run(metadata: TaskMetadata(proxyAgent: "nobody"))
        #expect(report.outcome == .failed)
        #expect(report.failure?.cause == .final)
        #expect(report.result.error?.contains("metadata.proxy_agent names nobody") == true)
        #expect(fixture.output().isEmpty)
    }

    @Test("of a program without a protocol runs on a terminal, with the agent's variables and the command's words")
    func exec() async throws {
        let agent = AgentDefinition(
            name: "tool", program: "/bin/sh", adapter: .exec, arguments: ["-c", "test -t 0 && echo $GREETING $0 $*"],
            environment: ["GREETING": "hello"])
        let fixture = try AgentFixture(.sandbox, try Place(), agent, project: Project(id: 1, name: "test"))
        let report = try await fixture.run("tool a 'b c'")
        #expect(report.outcome == .completed)
        #expect(fixture.output() == "hello a b c\n")
    }

    @Test("a command that names no agent runs as it stands, whatever metadata.agent says")
    func plain() async throws {
        let fixture = try AgentFixture(.sandbox, steps: "{\"text\": \"Done.\"}")
        let report = try await fixture.run("echo mimic", metadata: TaskMetadata(agent: "mimic"))
        #expect(report.outcome == .completed)
        #expect(report.agent == nil)
        #expect(fixture.output() == "mimic\n")
    }
}

extension AgentFixture {
    /// Whether something is there in an attempt's own directory.
    func exists(_ name: String, attempt: Int) throws -> Bool {
        FileManager.default.fileExists(atPath: "\(runner.directory)/task-\(attempt)/\(name)")
    }
}
