import Foundation
import TaskModel
import TaskRunner

/// A hostile program that has run to its end.
struct Attack {
    let report: RunnerReport
    let output: String
    let errors: String

    /// What a program printed as `NAME=VALUE` lines.
    var told: [String: String] {
        var told: [String: String] = [:]
        for line in output.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { told[String(parts[0])] = String(parts[1]) }
        }
        return told
    }

    /// Runs it in the real sandbox.
    static func sandboxed(
        _ command: String, limits: SandboxLimits = .standard, mode: SandboxMode = .strict, terminal: Bool = false,
        timeoutSeconds: Int = 600
    ) async throws -> Attack {
        let profile = SandboxProfile(
            mode: mode, limits: limits, readable: [try hostile()], hasTerminal: terminal)
        return try await run(command, RunnerFixture.sandbox(profile), timeoutSeconds: timeoutSeconds)
    }

    /// Runs it without a sandbox: what does not succeed there proves nothing when it fails in one.
    static func unconfined(_ command: String) async throws -> Attack {
        try await run(command, .none, timeoutSeconds: 600)
    }

    private static func run(_ command: String, _ isolation: Isolation, timeoutSeconds: Int) async throws -> Attack {
        let fixture = try RunnerFixture(killGraceSeconds: 1, isolation: isolation)
        let report = try await fixture.finished(try fixture.start(command, timeoutSeconds: timeoutSeconds))
        return Attack(report: report, output: try fixture.output(), errors: try fixture.output("task", .stderr))
    }

    /// Whether the kernel holds a limit (`memory`, `cpu share`) for an attempt as a whole.
    static func hasCgroup(for limit: String) throws -> Bool {
        guard case .sandbox(let host, _) = try RunnerFixture.sandbox() else { return false }
        return host.enforcement.contains { $0.limit == limit && $0.means?.contains("cgroup") == true }
    }

    /// The program with the attacks that need C.
    static func hostile() throws -> String { try HostProcess.built("hostile").absoluteURL.path() }

    /// A Python program in which `attempt(name, body)` tells what came of `body`, and `values` is what the test knows.
    static func python(_ values: [String: String], _ script: String) -> String {
        let known = values.map { "\(repr($0.key)): \(repr($0.value))" }.joined(separator: ", ")
        return RunnerFixture.python(
            """
            import ctypes, errno, os, signal, socket, struct, sys, time
            values = {\(known)}
            def attempt(name, body):
                try: result = body()
                except BaseException as error: print(f'{name}={error!r}', flush=True)
                else: print(f'{name}=done {result!r}', flush=True)
            def processes(): return [name for name in os.listdir('/proc') if name.isdigit()]
            # Every way to the machine's root that somebody has found once.
            def roots():
                yield ''
                for up in ('/workspace/../..', '/proc/self/root', '/proc/self/cwd/../../..', '/dev/fd/../../../..'): yield up
                for number in processes():
                    for name in ('root', 'cwd', 'root/proc/1/root', 'fd/3', 'task/' + number + '/root'):
                        yield f'/proc/{number}/{name}'
                for number in range(3, 64): yield f'/proc/self/fd/{number}'
            \(script)
            """)
    }

    static func python(_ script: String) -> String { python([:], script) }

    private static func repr(_ text: String) -> String {
        "'\(text.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
    }
}
