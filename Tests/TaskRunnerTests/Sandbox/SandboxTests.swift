import Foundation
import TaskModel
import TaskRunner
import Testing

@Suite("An attempt in a sandbox")
struct SandboxTests {
    private func run(
        _ command: String, limits: SandboxLimits = .standard, terminal: Bool = false
    ) async throws -> (report: RunnerReport, output: String, errors: String) {
        let fixture = try RunnerFixture(
            killGraceSeconds: 1,
            isolation: RunnerFixture.sandbox(SandboxProfile(limits: limits, hasTerminal: terminal)))
        let report = try await fixture.run(command)
        return (report, try fixture.output(), try fixture.output("task", .stderr))
    }

    @Test("Exit codes, signals and what was printed are reported as without one", arguments: [0, 1, 42, 255])
    func exitCodes(code: Int32) async throws {
        let end = try await run(RunnerFixture.shell("echo out; echo err >&2; exit \(code)"))
        #expect(end.report.result.exitCode == code)
        #expect(end.report.outcome == (code == 0 ? .completed : .failed))
        #expect(end.output == "out\n")
        #expect(end.errors == "err\n")
        let signal = try await run(RunnerFixture.shell("kill -11 $$"))
        #expect(signal.report.result.signal == 11)
        #expect(signal.report.result.exitCode == nil)
    }

    @Test("A program that is not there is told as such")
    func missing() async throws {
        let end = try await run("no-such-program")
        #expect(end.report.outcome == .failed)
        #expect(end.report.result.error?.hasPrefix("the program was not found in the sandbox") == true)
    }

    @Test("It has a workspace and a home of its own, which it can write, and a system that it cannot")
    func places() async throws {
        let script = """
            pwd; echo $HOME; id -u
            for file in /workspace/a $HOME/a /tmp/a /dev/shm/a; do echo x > $file && echo wrote $file; done
            for file in /a /usr/a /etc/a /dev/a /run/a /var/a; do echo x > $file && echo WROTE $file; done
            true
            """
        let end = try await run(RunnerFixture.shell(script))
        let lines = end.output.split(separator: "\n").map(String.init)
        #expect(lines[..<2] == ["/workspace", "/home/pandar"])
        #expect(lines[2] != "0")
        #expect(lines.filter { $0.hasPrefix("wrote") }.count == 4)
        #expect(!end.output.contains("WROTE"))
    }

    @Test("Memory: what is over the limit ends the attempt, and the error says so")
    func memory() async throws {
        let end = try await run(
            RunnerFixture.python("x = []\nwhile True: x.append(bytearray(1000000))"),
            limits: SandboxLimits(memoryMB: 100))
        #expect(end.report.outcome == .failed)
        #expect(end.report.result.error == "memory limit of 100 MB exceeded")
        let peak = try #require(end.report.result.peakMemoryBytes)
        // Where only the service looks, ten times a second, some more is taken in between.
        let most = try Attack.hasCgroup(for: "memory") ? 105 << 20 : 200 << 20
        #expect(peak > 50 << 20 && peak <= most)
    }

    @Test("Computing time: of one process, and of many together")
    func computing() async throws {
        let one = try await run(RunnerFixture.python("while True: pass"), limits: SandboxLimits(cpuSeconds: 1))
        #expect(one.report.result.error == "CPU time limit of 1 s exceeded")
        let script = """
            import os,time
            for _ in range(8):
                if os.fork() == 0:
                    while time.process_time() < 0.4: pass
                    os._exit(0)
                os.wait()
            time.sleep(600)
            """
        let many = try await run(RunnerFixture.python(script), limits: SandboxLimits(cpuSeconds: 1))
        #expect(many.report.result.error == "CPU time limit of 1 s exceeded")
        #expect(try #require(one.report.result.cpuMilliseconds) > 500)
    }

    @Test("A file that is too large, too many processes, too much output")
    func others() async throws {
        let file = try await run("dd if=/dev/zero of=big bs=1M count=20", limits: SandboxLimits(fileSizeMB: 5))
        #expect(file.report.result.error == "file size limit of 5 MB exceeded")
        let script = "import os,sys\nfor i in range(500):\n  if os.fork() == 0:\n    import time; time.sleep(600)"
        let processes = try await run(RunnerFixture.python(script), limits: SandboxLimits(processes: 20))
        // Only a cgroup tells that it has refused one.
        let isTold = try Attack.hasCgroup(for: "processes")
        #expect(processes.report.result.error == (isTold ? "process limit of 20 exceeded" : "exit code 1"))
        let output = try await run("yes", limits: SandboxLimits(outputMB: 3))
        #expect(output.report.result.error == "output limit of 3 MB exceeded")
    }

    @Test("A terminal, where the profile gives one")
    func terminal() async throws {
        let script =
            "import os,sys\nprint(os.isatty(0), os.isatty(1), os.isatty(2), os.ttyname(0) if 0 else '')\nopen('/dev/tty','w').write('to the terminal\\n')"
        let end = try await run(RunnerFixture.python(script), terminal: true)
        #expect(end.output.contains("True True True"))
        #expect(end.output.contains("to the terminal"))
        #expect(end.report.outcome == .completed)
    }

    @Test("SIGTERM reaches the program, which may end in order; what ignores it is killed")
    func stopping() async throws {
        let fixture = try RunnerFixture(killGraceSeconds: 1, isolation: RunnerFixture.sandbox())
        let polite = try fixture.start(
            RunnerFixture.shell("trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.05; done"), id: "polite")
        try await fixture.printed("ready", by: polite)
        fixture.executor.stop(polite, reason: .cancelled)
        let end = try await fixture.finished(polite)
        #expect(end.outcome == .cancelled)
        #expect(end.result.exitCode == 3)
        #expect(try fixture.output("polite").contains("bye"))
        let deaf = try fixture.start(
            RunnerFixture.shell("trap '' TERM; echo ready; while :; do sleep 0.05; done"), id: "deaf")
        try await fixture.printed("ready", by: deaf)
        fixture.executor.stop(deaf, reason: .cancelled)
        #expect(try await fixture.finished(deaf).outcome == .cancelled)
    }
}
