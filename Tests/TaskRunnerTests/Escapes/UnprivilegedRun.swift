import Foundation
import Testing

@Suite("The same as an unprivileged user")
struct UnprivilegedRun {
    /// Somebody whom no system has.
    private static let user: uid_t = 1_900_000_002

    @Test("All tests of the sandbox, by a user who is not root")
    func everything() async throws {
        guard geteuid() == 0 else { return print("not run again: the tests run as an unprivileged user already") }
        guard
            let setpriv = ["/usr/bin/setpriv", "/bin/setpriv"].first(
                where: FileManager.default.isExecutableFile(atPath:))
        else {
            return print("not run as an unprivileged user: there is no setpriv (Debian: util-linux)")
        }
        // The checkout may lie where only root comes.
        let directory = URL(filePath: "/var/tmp").appending(path: "pandar-user-\(UUID().uuidString.prefix(8))")
        let temporary = directory.appending(path: "tmp")
        try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        chmod(directory.path(), 0o755)
        try #require(chown(temporary.path(), Self.user, Self.user) == 0)
        let tests = URL(filePath: CommandLine.arguments[0]).standardizedFileURL
        for name in [tests.lastPathComponent, "test-host", "pandar-init", "pandar-gate", "hostile"] {
            try FileManager.default.copyItem(
                at: tests.deletingLastPathComponent().appending(path: name), to: directory.appending(path: name))
        }
        let log = directory.appending(path: "log")
        try Data().write(to: log)
        let process = Process()
        process.executableURL = URL(filePath: setpriv)
        process.arguments = [
            "--reuid=\(Self.user)", "--regid=\(Self.user)", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all",
            directory.appending(path: tests.lastPathComponent).path(), "--testing-library", "swift-testing",
            "--filter", #"TaskRunnerTests\.\w*(Escapes|Sandbox|Around|Push|SecretGate)"#,
        ]
        process.environment = [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": temporary.path(), "TMPDIR": temporary.path(),
        ]
        process.currentDirectoryURL = temporary
        let output = try FileHandle(forWritingTo: log)
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try await eventually("they have run", seconds: 600) { !process.isRunning }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        let lines = try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
        let telling = ["✘", "↳", "rror:", "crashed", " in ", " at /"]
        let trouble = lines.filter { line in telling.contains { line.contains($0) } }.prefix(60)
        #expect(process.terminationStatus == 0, "\(trouble.joined(separator: "\n"))")
        #expect(lines.contains { $0.contains("Test run with") && $0.contains("passed") }, "\(lines.suffix(5))")
        for line in lines where line.contains("not run") || line.contains("Test run with") {
            print("as an unprivileged user: \(line)")
        }
    }
}
