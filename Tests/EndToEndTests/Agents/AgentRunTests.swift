import Foundation
import TaskModel
import TestKit
import Testing

extension EndToEnd.AgentPrograms {
    /// Real agents and what becomes of them: plans, stops, models that are down, questions, other agents' help.
    @Suite(.enabled(if: !RealAgent.installed.isEmpty, Comment(rawValue: RealAgent.absence)))
    struct AgentRun {
        @Test("a plan, by which progress grows", arguments: RealAgent.installed)
        func plan(agent: RealAgent) async throws {
            try await TestBed.with { bed in
                let file = RealAgent.root.appending(path: "integration/agents/scripts/\(agent.rawValue)-plan.json")
                let scene = try await AgentScene(bed, [agent: try String(contentsOf: file, encoding: .utf8)])
                try await scene.request(agent, "planned")
                let task = try await scene.status.task("planned", is: "completed")
                let plan = task.snapshot["agent_plan"]?.arrayValue?.compactMap(\.objectValue) ?? []
                #expect(plan.count == 2 && plan.allSatisfy { $0["status"] == "completed" }, "\(plan)")
                let percentages = try await scene.percentagesToTheEnd("planned")
                #expect(percentages == percentages.sorted(), "\(percentages)")
                let events = try scene.events("planned")
                #expect(events.contains { $0["plan"]?.arrayValue?.count == 2 && $0["estimated"] == false })
            }
        }

        @Test("cancelled in the middle of a tool, nothing of it is left", arguments: RealAgent.installed)
        func cancelled(agent: RealAgent) async throws {
            try await TestBed.with { bed in
                let mark = "9\(Int.random(in: 100_000...999_999))"
                let call = agent.shell("echo started > started.txt; exec sleep \(mark)")
                let scene = try await AgentScene(
                    bed, [agent: AgentScene.script("{\"calls\": [\(call)]}, {\"text\": \"Done.\"}")])
                try await scene.request(agent, "long")
                try await eventually("the tool runs") { AgentScene.isRunning("sleep\0\(mark)") }
                try await scene.push.command("cancel", "long", "--actor", "ana").expecting()
                try await scene.status.task("long", is: "cancelled")
                #expect(!AgentScene.isRunning("sleep\0\(mark)"))
            }
        }

        @Test("a model that is down: tried again, then failed with the reason", arguments: RealAgent.installed)
        func modelDown(agent: RealAgent) async throws {
            try await TestBed.with { bed in
                // Codex tries a 500 for 25 s by itself, and leaves a 429 to us at once.
                let status = agent == .codex ? 429 : 500
                let scene = try await AgentScene(
                    bed, [agent: AgentScene.script("{\"error\": {\"status\": \(status)}}")],
                    settings: ["retry.transient": "1"])
                try await scene.request(agent, "down")
                let task = try await scene.status.task("down", is: "failed", seconds: 180)
                #expect(task.attempts.count == 2)
                let failure = agent == .codex ? "rate_limited" : "model_unavailable"
                #expect(task.attempts.map { $0["failure"]?.stringValue } == [failure, failure])
                #expect(task.snapshot["error"]?.stringValue?.contains("\(status)") == true, "\(task.snapshot)")
            }
        }

        @Test("bad credentials: failed at once, whatever retries there are", arguments: RealAgent.installed)
        func credentials(agent: RealAgent) async throws {
            try await TestBed.with { bed in
                let scene = try await AgentScene(bed, [agent: AgentScene.script("{\"error\": {\"status\": 401}}")])
                try await scene.request(agent, "stranger", metadata: ["max_retries": 3])
                let task = try await scene.status.task("stranger", is: "failed", seconds: 180)
                #expect(task.attempts.map { $0["failure"]?.stringValue } == ["credentials"])
            }
        }

        @Test("a question in words is answered by the other agent", arguments: RealAgent.pairs)
        func question(agent: RealAgent, proxy: RealAgent) async throws {
            try await TestBed.with { bed in
                let turns = "{\"calls\": [\(agent.question("Which colour?", ["Red", "Blue"]))]}, {\"text\": \"Done.\"}"
                let scene = try await AgentScene(
                    bed,
                    [
                        agent: AgentScene.script(turns),
                        proxy: AgentScene.script("{\"text\": \"{\\\"answer\\\": \\\"Blue\\\"}\"}"),
                    ])
                try await scene.request(agent, "colour", metadata: ["proxy_agent": .string(proxy.rawValue)])
                let task = try await scene.status.task("colour", is: "completed")
                #expect(task.attempts.last?["answers"] == 1, "\(task.snapshot)")
                let told = try #require(try scene.models[agent]?.requests.last)
                #expect(told.components(separatedBy: "Blue").count > told.components(separatedBy: "Red").count)
                let asked = try scene.models[proxy]?.requests.contains { $0.contains("Which colour?") }
                #expect(asked == true)
                _ = try await scene.percentagesToTheEnd("colour")
                let events = try scene.events("colour").compactMap { $0["event"]?.objectValue }
                #expect(events.contains { $0["type"] == "question" })
                #expect(events.contains { $0["type"] == "answer" && $0["by"] == .string(proxy.rawValue) }, "\(events)")
            }
        }

        @Test("what one agent cannot do the other does in its workspace", arguments: RealAgent.pairs)
        func recovery(agent: RealAgent, proxy: RealAgent) async throws {
            try await TestBed.with { bed in
                // The first model refuses what it is asked, until it is told what the other agent did: another try of the
                // same would not mend that.
                let scene = try await AgentScene(
                    bed,
                    [
                        agent: """
                        {"sessions": [{"when": "I wrote it", "turns": [{"text": "All is well."}]},
                            {"turns": [{"error": {"status": 400}}]}]}
                        """,
                        proxy: AgentScene.script(
                            "{\"calls\": [\(proxy.shell("echo hello > greeting.txt"))]}, {\"text\": \"I wrote it.\"}"),
                    ])
                try await scene.request(agent, "helped", metadata: ["proxy_agent": .string(proxy.rawValue)])
                let task = try await scene.status.task("helped", is: "completed", seconds: 180)
                #expect(task.snapshot["recovered_by"] == .string(proxy.rawValue), "\(task.snapshot)")
                let last = try #require(try scene.models[agent]?.requests.last)
                #expect(last.contains("I wrote it."), "the first agent is told")
            }
        }

        @Test("a budget of tokens stops the task with a clear error", arguments: RealAgent.installed)
        func budget(agent: RealAgent) async throws {
            try await TestBed.with { bed in
                let call = "{\"calls\": [\(agent.shell("echo one more >> list.txt"))]}"
                let turns = Array(repeating: call, count: 30).joined(separator: ", ")
                let scene = try await AgentScene(bed, [agent: AgentScene.script(turns)])
                try await scene.request(agent, "dear", metadata: ["budget": ["tokens": 3000], "max_retries": 3])
                let task = try await scene.status.task("dear", is: "failed")
                #expect(task.attempts.map { $0["failure"]?.stringValue } == ["budget_exceeded"], "\(task.snapshot)")
                #expect(task.snapshot["error"]?.stringValue?.contains("of 3000 tokens") == true)
            }
        }

        @Test(
            "a project's budget of a day stops its next task before the model is asked", arguments: RealAgent.installed)
        func dayBudget(agent: RealAgent) async throws {
            try await TestBed.with { bed in
                let call = "{\"calls\": [\(agent.shell("echo one more >> list.txt"))]}"
                let turns = Array(repeating: call, count: 30).joined(separator: ", ")
                let scene = try await AgentScene(
                    bed, [agent: AgentScene.script(turns)], project: ["budget: {day: {tokens: 3000}}"])
                try await scene.request(agent, "first", metadata: ["max_retries": 3])
                let first = try await scene.status.task("first", is: "failed")
                #expect(first.attempts.map { $0["failure"]?.stringValue } == ["budget_exceeded"], "\(first.snapshot)")
                #expect(first.snapshot["error"]?.stringValue?.contains("day") == true, "\(first.snapshot)")
                try await eventually("the stats have its tokens") {
                    let usage = try await scene.usage(of: agent.rawValue)
                    let counts = ["input_tokens", "output_tokens"].compactMap { usage[$0]?.integerValue }
                    return counts.reduce(0, +) > 3000
                }
                let asked = try scene.models[agent]?.requests.count
                try await scene.request(agent, "second")
                let second = try await scene.status.task("second", is: "failed")
                #expect(second.attempts.map { $0["failure"]?.stringValue } == ["budget_exceeded"], "\(second.snapshot)")
                #expect(try scene.models[agent]?.requests.count == asked)
            }
        }
    }
}

extension RealAgent {
    /// Each installed agent with each other one.
    static let pairs = installed.flatMap { one in installed.filter { $0 != one }.map { (one, $0) } }
}
