import Foundation
import Kafka
import TaskModel
import TestKit
import Testing

extension EndToEnd.AgentPrograms {
    /// Real Codex and Claude Code change a repository, test it, commit, and push to a branch that is protected.
    @Suite(.enabled(if: !RealAgent.installed.isEmpty, Comment(rawValue: RealAgent.absence)))
    struct AgentPush {
        @Test("held, approved, landed; asked about once", arguments: RealAgent.installed)
        func approved(agent: RealAgent) async throws {
            try await TestBed.with { bed in
                let scene = try await AgentScene(bed, [agent: AgentScene.script(AgentScene.work(agent, "greeting"))])
                try await scene.request(agent, "greet")
                let asked = try await scene.status.task("greet", is: "waiting_confirmation")
                #expect(try await scene.push.subjects == ["begin"])
                let question = try #require(asked.snapshot["confirmation"]?.objectValue)
                #expect(question["gate"] == "git_push_protected")
                let text = String(decoding: JSONWriter.bytes(of: .object(question)), as: UTF8.self)
                #expect(text.contains("refs/heads/main") && text.contains("greeting.txt"), "\(text)")
                try await scene.push.command("confirm", "greet", "--actor", "ben").expecting()

                let task = try await scene.status.task("greet", is: "completed")
                #expect(try await scene.push.subjects == ["greeting", "begin"])
                let asks = task.snapshot["confirmations"]?.arrayValue?.compactMap(\.objectValue) ?? []
                #expect(asks.count == 1, "\(asks)")
                #expect(asks.first?["used"]?.objectValue?["act"]?.objectValue?["exit_code"] == 0)
                #expect(task.snapshot["agent_session"]?.objectValue?["agent"] == .string(agent.rawValue))
                #expect(task.snapshot["output"]?.stringValue?.contains("The greeting is done.") == true)
                try await expectUsage(scene, agent, task)
                let percentages = try await scene.percentagesToTheEnd("greet")
                #expect(percentages == percentages.sorted(), "\(percentages)")
                try expectNoSecret(scene, bed, task)
            }
        }

        @Test("held, rejected, not landed", arguments: RealAgent.installed)
        func rejected(agent: RealAgent) async throws {
            try await TestBed.with { bed in
                let scene = try await AgentScene(bed, [agent: AgentScene.script(AgentScene.work(agent, "greeting"))])
                try await scene.request(agent, "greet")
                try await scene.status.task("greet", is: "waiting_confirmation")
                try await scene.push.command("reject", "greet", "--actor", "ben", "--reason", "not today").expecting()
                let task = try await scene.status.task("greet", is: "cancelled")
                #expect(task.snapshot["reason"]?.stringValue?.contains("not today") == true)
                #expect(try await scene.push.subjects == ["begin"])
            }
        }

        @Test(
            "killed with the question open, restarted, then decided: its session goes on, and it lands once",
            arguments: RealAgent.installed)
        func killed(agent: RealAgent) async throws {
            try await TestBed.with { bed in
                let scene = try await AgentScene(bed, [agent: AgentScene.script(AgentScene.work(agent, "greeting"))])
                try await scene.request(agent, "greet")
                let first = try await scene.status.task("greet", is: "waiting_confirmation")
                let session = try #require(first.snapshot["agent_session"]?.objectValue)
                let task = try await scene.killAndApprove("greet")
                #expect(try await scene.push.subjects == ["greeting", "begin"])
                #expect(task.attempts.map { $0["outcome"] } == ["lost", "completed"])
                #expect(task.snapshot["agent_session"]?.objectValue == session)
                let asks = task.snapshot["confirmations"]?.arrayValue ?? []
                #expect(asks.count == 1, "\(asks)")
                // The conversation went on: the greeting was written once.
                let told = try #require(try scene.models[agent]?.requests.last)
                #expect(told.components(separatedBy: "echo hello > greeting.txt").count == 2)
            }
        }

        @Test(
            "parked, its process is gone; approved, its session goes on with the grant",
            arguments: RealAgent.installed)
        func parked(agent: RealAgent) async throws {
            try await TestBed.with { bed in
                let scene = try await AgentScene(
                    bed, [agent: AgentScene.script(AgentScene.work(agent, "greeting"))],
                    settings: ["gates.park_after_sec": "1"])
                try await scene.request(agent, "greet")
                try await scene.status.state.until("it is parked") { state -> Bool? in
                    let task = state.tasks["greet"]
                    guard task?.status == "waiting_confirmation", task?.snapshot["lease"] == nil else { return nil }
                    return task?.attempts.last?["outcome"] == "interrupted" ? true : nil
                }
                #expect(!AgentScene.isRunning(bed.directory.lastPathComponent + "/data-alpha/work"))
                try await scene.push.command("confirm", "greet", "--id", "greet/1", "--actor", "ben").expecting()
                let task = try await scene.status.task("greet", is: "completed", seconds: 180)
                let told = try scene.models[agent]?.requests.last.map { String($0.prefix(20_000)) } ?? ""
                #expect(try await scene.push.subjects == ["greeting", "begin"], "\(told)")
                #expect(task.attempts.map { $0["outcome"] } == ["interrupted", "completed"])
                #expect((task.snapshot["confirmations"]?.arrayValue ?? []).count == 1)
            }
        }

        private func expectUsage(_ scene: AgentScene, _ agent: RealAgent, _ task: TaskHistory) async throws {
            let usage = try #require(task.snapshot["token_usage"]?.objectValue)
            // Five answers of the scripted model.
            #expect(usage["input_tokens"]?.integerValue ?? 0 >= 5000)
            #expect(usage["output_tokens"]?.integerValue ?? 0 >= 250)
            if agent == .claude { #expect(usage["cost_usd"]?.doubleValue ?? 0 > 0) }
            try await eventually("the stats have the tokens") {
                try await scene.usage(of: agent.rawValue)["input_tokens"] == usage["input_tokens"]
            }
        }

        /// The credential was there, and is seen nowhere.
        private func expectNoSecret(_ scene: AgentScene, _ bed: TestBed, _ task: TaskHistory) throws {
            let record = String(decoding: try #require(task.record?.value), as: UTF8.self)
            #expect(!record.contains(AgentScene.key))
            let log = try scene.push.service.process.logText
            #expect(!log.contains(AgentScene.key))
        }
    }
}

extension AgentScene {
    /// Asks for a task of the agent.
    func request(
        _ agent: RealAgent, _ id: String, _ words: String = "write the greeting, and push it",
        metadata: [String: JSONValue] = [:]
    ) async throws {
        try await push.request(
            id, "\(agent.rawValue) '\(words)'",
            metadata: ["agent": .string(agent.rawValue)].merging(metadata) { $1 })
    }
}
