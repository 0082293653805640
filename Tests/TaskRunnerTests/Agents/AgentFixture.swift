import Agents
import Foundation
import TaskModel
import Testing

@testable import TaskRunner

/// Attempts of an agent, in a sandbox or without one: the strict stand-in for the Agent Client Protocol behind the real
/// driver, or a script in place of the driver.
final class AgentFixture: Sendable {
    enum Walls: CaseIterable, Sendable {
        case none, sandbox
    }

    let place: Place
    let runner: RunnerFixture

    static let programs = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../integration/agents").standardized.path()

    /// - Parameter steps: what the stand-in plays, as its scripts have it.
    convenience init(
        _ walls: Walls, steps: String, project: Project = Project(id: 1, name: "test"),
        credentials: [String] = [], resumes: Bool = true, killGraceSeconds: Int = 10
    ) throws {
        let place = try Place()
        try place.write("shown/script.json", "{\"steps\": [\(steps)]}")
        let agent = AgentDefinition(
            name: "mimic", program: "python3", adapter: .acp,
            arguments: [Self.programs + "/acp_agent.py", "--acp", "--script", place / "shown/script.json"],
            credentials: credentials, resumesSessions: resumes)
        try self.init(
            walls, place, agent, project: project, readable: [Self.programs, place / "shown"],
            killGraceSeconds: killGraceSeconds)
    }

    /// - Parameter driver: Python that stands in place of `pandar-agent`. `tell(type, **members)` reports; `order` is what
    ///   it was told.
    convenience init(
        _ walls: Walls, driver: String, project: Project = Project(id: 1, name: "test"),
        credentials: [String] = [], proxy: AgentDefinition? = nil, spending: (any ProjectSpending)? = nil,
        killGraceSeconds: Int = 10, heartbeatSeconds: Int = 600
    ) throws {
        let place = try Place()
        let preamble = """
            #!/usr/bin/python3
            import json, os, signal, sys, time
            order = json.load(open(sys.argv[1]))
            reports = os.fdopen(int(order["reports"][3:]), "w")
            def tell(type, **members):
                print(json.dumps({"type": type, **members}), file=reports, flush=True)
            def fail(code, cause, message, status):
                tell("result", status="failed", code=code, cause=cause, message=message)
                sys.exit(status)

            """
        try place.write("bin/pandar-agent", preamble + driver + "\n", mode: 0o755)
        try FileManager.default.copyItem(
            atPath: try HostProcess.built("pandar-init").path(), toPath: place / "bin/pandar-init")
        let agent = AgentDefinition(
            name: "mimic", program: "mimic-program", adapter: .acp, credentials: credentials, resumesSessions: true)
        try self.init(
            walls, place, agent, proxy: proxy, project: project, programs: place / "bin", spending: spending,
            killGraceSeconds: killGraceSeconds, heartbeatSeconds: heartbeatSeconds)
    }

    init(
        _ walls: Walls, _ place: Place, _ agent: AgentDefinition, proxy: AgentDefinition? = nil, project: Project,
        readable: [String] = [], programs: String? = nil, spending: (any ProjectSpending)? = nil,
        killGraceSeconds: Int = 10, heartbeatSeconds: Int = 600
    ) throws {
        self.place = place
        let isolation: Isolation =
            switch walls {
            case .none: .none
            case .sandbox:
                try RunnerFixture.sandbox(
                    SandboxProfile(readable: readable), initProgram: programs.map { $0 + "/pandar-init" })
            }
        runner = try RunnerFixture(
            heartbeatSeconds: heartbeatSeconds, killGraceSeconds: killGraceSeconds, isolation: isolation,
            projects: ProjectCatalog([project]), agents: AgentCatalog([agent] + [proxy].compactMap(\.self)),
            spending: spending,
            agentProgram: try programs.map { $0 + "/pandar-agent" } ?? HostProcess.built("pandar-agent").path())
    }

    @discardableResult
    func start(
        _ command: String = "mimic 'Do the task.'", attempt: Int = 1, metadata: TaskMetadata = TaskMetadata(),
        timeoutSeconds: Int = 600, _ change: (inout AttemptOrder) -> Void = { _ in }
    ) throws -> AttemptRef {
        var order = try RunnerFixture.order(
            command, attempt: attempt, timeoutSeconds: timeoutSeconds, metadata: metadata)
        change(&order)
        runner.executor.start(order, leaseFrom: Uptime.now)
        return order.ref
    }

    func run(
        _ command: String = "mimic 'Do the task.'", metadata: TaskMetadata = TaskMetadata(),
        _ change: (inout AttemptOrder) -> Void = { _ in }
    ) async throws -> RunnerReport {
        try await runner.finished(try start(command, metadata: metadata, change))
    }

    var reports: [RunnerReport] { runner.sink.recorded.reports }
    var events: [ProgressEvent] { runner.sink.recorded.progress }

    func output(_ attempt: Int = 1, _ stream: OutputChunk.Stream = .stdout) -> String {
        runner.sink.recorded.chunks.filter { $0.ref.attempt == attempt && $0.stream == stream }.map(\.text).joined()
    }
}
