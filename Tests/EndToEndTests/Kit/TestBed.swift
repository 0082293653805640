import Foundation
import Synchronization

/// A temporary directory and the processes of one test. All of it is gone afterwards, however the test ended.
final class TestBed: Sendable {
    let directory: URL
    private let children = Mutex<[ChildProcess]>([])
    private let cleanups = Mutex<[@Sendable () -> Void]>([])

    private init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("pandar-e2e-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    /// Runs a test in a bed of its own. When it throws, the logs of its processes are shown.
    static func with(_ body: (TestBed) async throws -> Void) async throws {
        let bed = try TestBed()
        do {
            try await body(bed)
        } catch {
            bed.showLogs()
            await bed.close()
            throw error
        }
        if ProcessInfo.processInfo.environment["PANDAR_TEST_LOGS"] != nil { bed.showLogs() }
        await bed.close()
    }

    func start(
        _ name: String, _ program: String, _ arguments: [String], environment: [String: String] = [:]
    ) throws -> ChildProcess {
        let child = try ChildProcess(
            name, program, arguments,
            environment: Programs.environment(home: directory).merging(environment) { $1 }, directory: directory)
        children.withLock { $0.append(child) }
        return child
    }

    func run(
        _ program: String, _ arguments: [String], input: Data = Data(), environment: [String: String] = [:],
        seconds: Double = 120
    ) async throws -> CommandResult {
        try await Command.run(
            program, arguments, input: input,
            environment: Programs.environment(home: directory).merging(environment) { $1 }, directory: directory,
            seconds: seconds)
    }

    func atEnd(_ cleanup: @escaping @Sendable () -> Void) {
        cleanups.withLock { $0.append(cleanup) }
    }

    func path(_ name: String) -> String { directory.appendingPathComponent(name).path }

    /// Writes a file, executable, and returns its path.
    func script(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: directory.appendingPathComponent(name))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path(name))
        return path(name)
    }

    /// A file of agents by which those of `demo/agents` are run as they stand.
    func standInAgents() throws -> String {
        try script("agents.yaml", "agents:\n  codex: {adapter: exec}\n  claude: {adapter: exec}\n")
    }

    private func showLogs() {
        for child in children.withLock({ $0 }) {
            let lines = child.logText.split(separator: "\n").suffix(40).joined(separator: "\n")
            print("---- the end of the log of \(child.name), pid \(child.pid)\n\(lines)")
        }
    }

    private func close() async {
        // Each goes with what it holds: librdkafka 2.0 does not let go of a reader whose topics were deleted before it.
        while let cleanup = cleanups.withLock({ $0.popLast() }) { cleanup() }
        let started = children.withLock { $0 }
        for child in started.reversed() { child.signal(SIGKILL) }
        for child in started { _ = try? await child.ended(seconds: 10) }
        try? FileManager.default.removeItem(at: directory)
    }
}
