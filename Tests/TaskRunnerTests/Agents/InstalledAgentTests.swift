import Agents
import Foundation
import TaskModel
import Testing

@testable import TaskRunner

/// The programs that users have, in the sandbox, with a scripted model that they reach through the proxy. Found as the tests
/// of the driver find them; where they are not installed, these tests do not run, and say so.
@Suite("Installed agents in the sandbox")
struct InstalledAgentTests {
    enum Installed: String, CaseIterable, Sendable {
        case codex, claude

        private static let packages = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../.venv-agents/lib").standardized.path()

        var program: String? {
            if let path = ProcessInfo.processInfo.environment["PANDAR_AGENT_\(rawValue.uppercased())"] { return path }
            let place = self == .codex ? "codex_cli_bin/bin/codex" : "claude_agent_sdk/_bundled/claude"
            let versions = (try? FileManager.default.contentsOfDirectory(atPath: Self.packages)) ?? []
            return versions.map { "\(Self.packages)/\($0)/site-packages/\(place)" }
                .first { FileManager.default.isExecutableFile(atPath: $0) }
        }

        static let all = allCases.filter { $0.program != nil }
    }

    @Test(
        "work, tell their session and tokens, and go on in a next attempt",
        .enabled(if: !Installed.all.isEmpty, "needs the agents of integration/agents/requirements.txt in .venv-agents"),
        arguments: Installed.all)
    func works(agent: Installed) async throws {
        let place = try Place()
        let model = try ScriptedModel(agent.rawValue, in: place)
        defer { model.end() }
        let program = try #require(agent.program)
        var definition = try #require(AgentCatalog.builtIn[agent.rawValue])
        definition.program = program
        definition.hosts = [model.host]
        switch agent {
        case .codex:
            // All that its config.toml would say.
            let provider = "model_providers.local"
            for setting in [
                "model=\"gpt-5.2\"", "model_provider=\"local\"", "\(provider).name=\"local\"",
                "\(provider).base_url=\"\(model.url)/v1\"", "\(provider).wire_api=\"responses\"",
                "\(provider).supports_websockets=false",
            ] { definition.arguments += ["-c", setting] }
        case .claude: definition.environment["ANTHROPIC_BASE_URL"] = model.url
        }
        let key = ProjectSecret(
            name: agent == .codex ? "OPENAI_API_KEY" : "ANTHROPIC_API_KEY",
            source: .file(try place.write("secrets/key", "a-key-of-the-test", mode: 0o600)))
        let fixture = try AgentFixture(
            .sandbox, place, definition, project: Project(id: 1, name: "test", keep: .always, secrets: [key]),
            readable: [(program as NSString).deletingLastPathComponent])
        let report = try await fixture.runner.finished(try fixture.start("\(agent.rawValue) 'Do the task.'"))
        #expect(report.outcome == .completed, "\(report.result) \(fixture.output()) \(fixture.output(1, .stderr))")
        let session = try #require(report.agent?.session)
        #expect(session.agent == agent.rawValue)
        #expect(
            report.agent?.usage
                == TokenUsage(input: 300, cached: 0, output: 30, costMicros: report.agent?.usage.costMicros))
        #expect(fixture.output().contains("Done."))
        let file = "\(fixture.runner.directory)/task-1/workspace/greeting.txt"
        try await eventually("the workspace is kept") { FileManager.default.fileExists(atPath: file) }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "hello\n")

        // It was kept, as one would be that was parked.
        let second = try fixture.start("\(agent.rawValue) 'Do the task.'", attempt: 2) {
            $0.resumption = AgentResumption(session: session, note: "Go on, please.")
        }
        let resumed = try await fixture.runner.finished(second)
        #expect(resumed.outcome == .completed, "\(resumed.result) \(fixture.output(2, .stderr))")
        #expect(resumed.agent?.session == session)
        #expect(!fixture.output(2).contains("cannot be resumed"))
        let last = try place.read("requests").split(separator: "\n").last { $0.contains("Go on, please.") }
        #expect(last?.contains("Do the task.") == true, "the conversation goes on")
    }
}

/// A model that plays a script, on an address of the machine's loopback that programs do not leave out of a proxy's way.
private final class ScriptedModel {
    private let process = Process()
    private(set) var url = ""
    var host: String { url.replacing("http://", with: "") }

    init(_ agent: String, in place: Place) throws {
        let turns = """
            {"calls": [{"shell": "echo hello > greeting.txt"}], "usage": {"input": 100, "cached": 0, "output": 10}},
            {"text": "Done.", "usage": {"input": 200, "cached": 0, "output": 20}},
            {"text": "Done again.", "usage": {"input": 10, "cached": 0, "output": 10}}
            """
        let script = try place.write("model.json", "{\"turns\": [\(turns)]}")
        let server = agent == "codex" ? "model_openai.py" : "model_anthropic.py"
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", "\(AgentFixture.programs)/\(server)", "--host", "127.0.0.2", "--script", script, "--log",
            place / "requests",
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        var bytes: [UInt8] = []
        while let byte = try pipe.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 { bytes.append(byte) }
        url = try #require(JSONParser.parse(bytes).objectValue?["url"]?.stringValue)
    }

    /// Not SIGTERM: threads that tests run on block signals, and what they start inherits that.
    func end() { kill(process.processIdentifier, SIGKILL) }
}
