import Agents
import Foundation
import Gates
import Logging
import TaskModel
import TaskRunner

/// An executor with a directory of its own. Ended with the fixture.
final class RunnerFixture: Sendable {
    struct InvalidID: Error {}

    let sink: RecordingSink
    let executor: ProcessExecutor
    let directory: String

    init(
        heartbeatSeconds: Int = 5, killGraceSeconds: Int = 10, outputLimitBytes: Int = 10_485_760,
        keepsOutput: Bool = true, isolation: Isolation = .none, projects: ProjectCatalog = .open,
        path: String = RunnerFixture.path, agents: AgentCatalog = .builtIn, spending: (any ProjectSpending)? = nil,
        agentProgram: String = "", gates: GateCatalog = .builtIn
    ) throws {
        sink = RecordingSink(keepsOutput: keepsOutput)
        directory = URL.temporaryDirectory.appending(path: "pandar-runner-\(UUID().uuidString)").path()
        executor = try ProcessExecutor(
            settings: RunnerSettings(
                runner: "test", incarnation: "1", path: path, workDirectory: directory,
                heartbeatSeconds: heartbeatSeconds, killGraceSeconds: killGraceSeconds,
                outputLimitBytes: outputLimitBytes, isolation: isolation, projects: projects, gates: gates,
                agents: agents, spending: spending, agentProgram: agentProgram),
            sink: sink, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    deinit {
        executor.shutdown()
        try? FileManager.default.removeItem(atPath: directory)
    }

    static func order(
        _ command: String, id: String = "task", attempt: Int = 1, timeoutSeconds: Int = 600, leaseSeconds: Int = 600,
        metadata: TaskMetadata = TaskMetadata()
    ) throws -> AttemptOrder {
        guard let id = TaskID(id) else { throw InvalidID() }
        let request = TaskRequest(taskID: id, name: "Test", command: command, projectID: 1, metadata: metadata)
        return AttemptOrder(
            ref: AttemptRef(taskID: id, attempt: attempt), spec: TaskSpec(request, id: id), partition: 0,
            timeoutSeconds: timeoutSeconds, leaseSeconds: leaseSeconds)
    }

    /// `PATH` of attempts.
    static let path = "/usr/local/bin:/usr/bin:/bin"

    /// Where the sandboxes of this process have their directories; gone when it ends.
    private static let sandboxes: URL = {
        atexit { try? FileManager.default.removeItem(at: RunnerFixture.place) }
        return place
    }()
    private static let place = URL.temporaryDirectory.appending(path: "pandar-sandbox-\(getpid())")

    /// A sandbox as the service would give, with this profile as the default. Each has a directory of its own, which a
    /// service has too: it clears what it finds there.
    static func sandbox(
        _ profile: SandboxProfile = SandboxProfile(), _ others: SandboxProfile..., path: String = RunnerFixture.path,
        initProgram: String? = nil
    ) throws -> Isolation {
        let place = sandboxes
        let host = try SandboxHost(
            path: path, directory: place.appending(path: String(UUID().uuidString.prefix(8))).path(),
            initProgram: try initProgram ?? HostProcess.built("pandar-init").path())
        return .sandbox(host, SandboxCatalog(profiles: [profile] + others))
    }

    /// A command that hands a script to a shell, or to Python, as one word.
    static func shell(_ script: String) -> String { "sh -c \(quoted(script))" }
    static func python(_ script: String) -> String { "python3 -c \(quoted(script))" }

    static func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("'", with: "\\'").replacing("\n", with: "\\n")
        return "$'\(escaped)'"
    }

    /// Starts an attempt whose lease counts from now.
    @discardableResult
    func start(
        _ command: String, id: String = "task", timeoutSeconds: Int = 600, leaseSeconds: Int = 600
    ) throws -> AttemptRef {
        let order = try Self.order(command, id: id, timeoutSeconds: timeoutSeconds, leaseSeconds: leaseSeconds)
        executor.start(order, leaseFrom: Uptime.now)
        return order.ref
    }

    /// How an attempt ended.
    func finished(_ ref: AttemptRef, seconds: Int = 180) async throws -> RunnerReport {
        let recorded = try await sink.wait("the end of \(ref)", seconds: seconds) { $0.finished(ref) != nil }
        guard let report = recorded.finished(ref) else { throw InvalidID() }
        return report
    }

    /// Runs one attempt to its end.
    func run(_ command: String, id: String = "task") async throws -> RunnerReport {
        try await finished(try start(command, id: id))
    }

    func output(_ id: String = "task", _ stream: OutputChunk.Stream = .stdout) throws -> String {
        guard let id = TaskID(id) else { throw InvalidID() }
        return sink.recorded.text(AttemptRef(taskID: id, attempt: 1), stream)
    }

    /// Waits for a line of output, as a sign that the program is that far.
    func printed(_ text: String, by ref: AttemptRef) async throws {
        try await sink.wait("'\(text)' printed by \(ref)") { $0.text(ref, .stdout).contains(text) }
    }
}
