import Agents
import Foundation
import Kafka
import TaskModel
import TestKit
import Testing

/// Real agents in the sandbox of a service, with models that play scripts, and a repository with a protected branch.
struct AgentScene {
    let push: PushScene
    let progress: Follower<RecordList>
    let models: [RealAgent: ModelServer]

    var status: Follower<StatusTopic> { push.status }

    /// - Parameters:
    ///   - scripts: what each agent's model says, as `integration/agents/scripted.py` reads it.
    ///   - agents: further agents, lines of YAML below `agents:`.
    ///   - files: further files of the repository, shell scripts.
    ///   - project: further lines of YAML about the project.
    init(
        _ bed: TestBed, _ scripts: [RealAgent: String], agents further: String = "", files: [String: String] = [:],
        project: [String] = [], settings: [String: String] = [:]
    ) async throws {
        var models: [RealAgent: ModelServer] = [:]
        var agents = "agents:\n"
        var readable: [String] = []
        for (agent, script) in scripts {
            let model = try await ModelServer(bed, agent, script: script)
            models[agent] = model
            agents += try Self.definition(agent, model)
            readable.append((try #require(agent.program) as NSString).deletingLastPathComponent)
        }
        readable.append(Programs.repository.appendingPathComponent("integration").path)
        let profiles = "profiles:\n  default:\n    readable: [\(readable.map { "'\($0)'" }.joined(separator: ", "))]\n"
        let own = [
            "agents.file": try bed.script("agents.yaml", agents + further),
            "sandbox.file": try bed.script("sandbox.yaml", profiles),
        ]
        // A small repository with a test of its own, which fails until somebody has written the greeting.
        push = try await PushScene(
            bed, files.merging(["test.sh": "grep --quiet '^hello$' greeting.txt"]) { $1 }, project: project,
            settings: own.merging(settings) { $1 },
            environment: ["ANTHROPIC_API_KEY": Self.key, "OPENAI_API_KEY": Self.key])
        progress = try Follower(bed, push.cluster, push.cluster.layout.progress)
        self.models = models
    }

    /// What must never be seen anywhere.
    static let key = "sk-scripted-0123456789abcdef"

    /// The shipped definition, led to a model of ours.
    private static func definition(_ agent: RealAgent, _ model: ModelServer) throws -> String {
        let shipped = try #require(AgentCatalog.builtIn[agent.rawValue])
        var arguments = shipped.arguments
        var environment = shipped.environment
        switch agent {
        case .codex:
            arguments += [
                "-c", "model=\"gpt-5.2\"", "-c", "model_provider=\"local\"", "-c",
                "model_providers.local={name=\"local\",base_url=\"\(model.url)/v1\",wire_api=\"responses\","
                    + "supports_websockets=false}",
            ]
        case .claude:
            environment["ANTHROPIC_BASE_URL"] = model.url
            environment["CLAUDE_CODE_MAX_RETRIES"] = "1"
        }
        func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }
        return """
              \(agent.rawValue):
                program: \(try #require(agent.program))
                adapter: \(shipped.adapter.rawValue)
                arguments: [\(arguments.map(quoted).joined(separator: ", "))]
                environment: {\(environment.map { "\($0): \(quoted($1))" }.sorted().joined(separator: ", "))}
                credentials: [\(shipped.credentials.joined(separator: ", "))]
                hosts: [\(quoted(model.host))]
                resume: true

            """
    }

    /// Turns that write the greeting, test it, commit it, and push it to the protected branch.
    static func work(_ agent: RealAgent, _ name: String) -> String {
        let commit = "git add greeting.txt && git -c user.name=Agent -c user.email=agent@example.invalid"
        let calls = [
            "echo hello > greeting.txt", "sh ./test.sh", "\(commit) commit --quiet --message '\(name)'",
            "git push origin HEAD:main",
        ]
        let turns = calls.map { "{\"calls\": [\(agent.shell($0))]}" }
        return (turns + ["{\"text\": \"The greeting is done.\"}"]).joined(separator: ", ")
    }

    static func script(_ turns: String) -> String { "{\"turns\": [\(turns)]}" }

    /// `kill -9` while the task waits for its first decision; then another start, and a yes.
    ///
    /// - Returns: the task, once it is completed.
    func killAndApprove(_ id: String) async throws -> TaskHistory {
        try await push.kill()
        try await push.restart()
        try await push.service.untilReady()
        try await push.command("confirm", id, "--id", "\(id)/1", "--actor", "ben").expecting()
        return try await status.task(id, is: "completed", seconds: 180)
    }

    /// The percentages that the task's events told, in their order.
    private func percentages(_ id: String) throws -> [Int64] {
        try events(id).compactMap { $0["progress"]?.integerValue }
    }

    /// The same, once the last of them is read: events have a topic of their own, which may come after the state's.
    func percentagesToTheEnd(_ id: String) async throws -> [Int64] {
        try await eventually("the last progress of \(id) is read") { try percentages(id).last == 100 }
        return try percentages(id)
    }

    func events(_ id: String) throws -> [JSONObject] {
        try progress.records.compactMap { record in
            let event = try JSONParser.parse(try #require(record.value)).objectValue
            return event?["task_id"]?.stringValue == id ? event : nil
        }
    }

    /// What the stats say of the agent's tokens.
    func usage(of agent: String) async throws -> JSONObject {
        let stats = try await push.service.get("/api/v1/tasks/stats").json()
        let agents = stats["usage"]?.objectValue?["by_agent"]?.objectValue
        return agents?[agent]?.objectValue ?? JSONObject()
    }

    /// Whether any process on this machine has `text` in its command line.
    static func isRunning(_ text: String) -> Bool {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.contains { name in
            guard Int(name) != nil, let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else {
                return false
            }
            return String(decoding: line, as: UTF8.self).contains(text)
        }
    }
}
