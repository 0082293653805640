import Agents
import Foundation
import TaskModel
import TestKit
import Testing

/// The driver with programs that are not agents, and with the strict stand-in for ACP.
@Suite("The driver")
struct DriverTests {
    private func order(_ run: DriverRun, _ program: [String]) -> AgentOrder {
        AgentOrder(
            adapter: .acp, program: program, environment: ["GEMINI_CLI_HOME": run.home.path()],
            prompt: "Do the task.", directory: run.work.path())
    }

    private func standIn(_ run: DriverRun, script: String) throws -> AgentOrder {
        let agent = RealAgent.root.appending(path: "integration/agents/acp_agent.py").path()
        var order = order(run, ["python3", agent, "--acp"])
        order.environment["ACP_SCRIPT"] = try run.write("acp.json", script)
        order.environment["ACP_LOG"] = run.folder.appending(path: "acp.log").path()
        return order
    }

    @Test("keeps to ACP so that the strict stand-in finds nothing")
    func acp() async throws {
        let run = try DriverRun()
        let steps = """
            {"plan": [["Write", "in_progress"], ["Check", "pending"]]}, {"noise": "starting up"},
            {"text": "I write.", "shell": "echo hello > greeting.txt"},
            {"plan": [["Write", "completed"], ["Check", "in_progress"]]}, {"shell": "cat greeting.txt", "kind": "read"},
            {"text": "Done."}
            """
        let end = try await run.run(try standIn(run, script: "{\"steps\": [\(steps)]}"))
        #expect(end.status == 0, "\(end.output)")
        #expect(run.read("greeting.txt", in: run.work) == "hello\n")
        #expect(run.read("acp.log")?.contains("deviation") == false)
        #expect(end.output.contains("starting up"))
        #expect(end.percentages == end.percentages.sorted())
    }

    @Test("cancels by ACP and takes the session up again")
    func acpResume() async throws {
        let run = try DriverRun()
        let fifo = try run.fifo("started")
        let command = DriverRun.stayingCommand(fifo)
        var order = try standIn(
            run, script: "{\"steps\": [{\"shell\": \(RealAgent.quoted(command))}, {\"text\": \"Done.\"}]}")
        let (stopped, tool) = try await run.stopped(order, at: fifo)
        #expect(stopped.status == 143, "\(stopped.output)")
        #expect(kill(tool, 0) == -1 && errno == ESRCH)

        try run.write("go", "", in: run.work)
        order.session = stopped.session
        let resumed = try await run.run(order)
        #expect(resumed.status == 0, "\(resumed.output)")
        #expect(resumed.session == stopped.session)
        #expect(run.read("greeting.txt", in: run.work) == "hello\n")
        #expect(run.read("acp.log")?.contains("deviation") == false)
    }

    @Test("gives up on a program that never answers")
    func silent() async throws {
        let run = try DriverRun()
        var order = order(run, ["sleep", "1000"])
        order.handshakeSeconds = 1
        let end = try await run.run(order)
        #expect(end.status == 75)
        #expect(end.code == "protocol_broken")
    }

    @Test("says when there is no such program")
    func missing() async throws {
        let run = try DriverRun()
        let end = try await run.run(order(run, ["no-such-agent"]))
        #expect(end.status == 1)
        #expect(end.output.contains("no-such-agent could not be started"))
    }

    @Test("ends although a grandchild in a session of its own holds the output, and ends that too")
    func grandchild() async throws {
        let run = try DriverRun()
        let fifo = try run.fifo("started")
        let other = try run.fifo("read")
        let script = "setsid sh -c 'echo $$ > \(fifo); exec sleep 1000' & read line < \(other); exit 3"
        var order = order(run, ["sh", "-c", script])
        // It never answers: on a busy machine it must not be ended for that.
        order.handshakeSeconds = 3600
        let running = try run.start(order)
        let child = try #require(pid_t(try await run.line(fifo)))
        try await run.go(other)
        let end = try await running.end()
        #expect(end.status == 75, "\(end.output)")
        #expect(kill(child, 0) == -1 && errno == ESRCH)
    }

}
