import Foundation
import TaskModel
import TestKit
import Testing

extension EndToEnd.AgentPrograms {
    /// An agent that speaks the Agent Client Protocol, as Gemini does; it ends with an error on any deviation from it.
    @Suite struct AgentClientProtocol {
        @Test("its push is held, approved, and lands; its plan is told")
        func approved() async throws {
            try await TestBed.with { bed in
                let scene = try await scene(bed)
                let asked = try await scene.status.task("greet", is: "waiting_confirmation")
                #expect(try await scene.push.subjects == ["begin"])
                #expect(asked.snapshot["agent_plan"]?.arrayValue?.count == 2)
                try await scene.push.command("confirm", "greet", "--actor", "ben").expecting()
                let task = try await scene.status.task("greet", is: "completed")
                #expect(try await scene.push.subjects == ["greeting", "begin"])
                #expect(task.snapshot["confirmations"]?.arrayValue?.count == 1)
                let percentages = try await scene.percentagesToTheEnd("greet")
                #expect(percentages == percentages.sorted(), "\(percentages)")
            }
        }

        @Test("its push is held and rejected, and does not land")
        func rejected() async throws {
            try await TestBed.with { bed in
                let scene = try await scene(bed)
                try await scene.status.task("greet", is: "waiting_confirmation")
                try await scene.push.command("reject", "greet", "--actor", "ben", "--reason", "no").expecting()
                try await scene.status.task("greet", is: "cancelled")
                #expect(try await scene.push.subjects == ["begin"])
            }
        }

        @Test("killed with the question open, then decided: its session is loaded, and it lands once")
        func killed() async throws {
            try await TestBed.with { bed in
                let scene = try await scene(bed)
                let first = try await scene.status.task("greet", is: "waiting_confirmation")
                let task = try await scene.killAndApprove("greet")
                #expect(try await scene.push.subjects == ["greeting", "begin"])
                #expect(task.attempts.map { $0["outcome"] } == ["lost", "completed"])
                #expect(task.snapshot["agent_session"] == first.snapshot["agent_session"])
            }
        }

        /// The stand-in as an agent by configuration alone, with a task that it works on.
        private func scene(_ bed: TestBed) async throws -> AgentScene {
            let folder = Programs.repository.appendingPathComponent("integration/agents").path
            let scene = try await AgentScene(
                bed, [:],
                agents: """
                      stand-in:
                        program: /usr/bin/python3
                        adapter: acp
                        arguments: ['\(folder)/acp_agent.py', '--acp', '--state', '/home/pandar/sessions']
                        environment: {ACP_SCRIPT: '\(folder)/scripts/acp-push.json'}
                        resume: true

                    """)
            try await scene.push.request("greet", "stand-in 'write the greeting'", metadata: ["agent": "stand-in"])
            return scene
        }
    }
}
