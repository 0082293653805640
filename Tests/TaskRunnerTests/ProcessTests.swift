import Foundation
import TaskModel
import TaskRunner
import Testing

@Suite("An attempt is a process")
struct ProcessTests {
    private let fixture: RunnerFixture

    init() throws {
        fixture = try RunnerFixture()
    }

    @Test("Exit codes and what was printed are reported", arguments: [0, 1, 42, 255])
    func exitCodes(code: Int32) async throws {
        let report = try await fixture.run(RunnerFixture.shell("echo out; echo err >&2; exit \(code)"))
        #expect(report.outcome == (code == 0 ? .completed : .failed))
        #expect(report.result.exitCode == code)
        #expect(report.result.signal == nil)
        #expect(report.result.error == (code == 0 ? nil : "exit code \(code)"))
        #expect(report.result.outputBytes == 8)
        #expect(report.progress.percent == 100 || code != 0)
        #expect(try fixture.output() == "out\n")
        #expect(try fixture.output("task", .stderr) == "err\n")
    }

    @Test("A signal is reported as one", arguments: [Int32(6), 11, 15])
    func signals(number: Int32) async throws {
        let report = try await fixture.run(RunnerFixture.shell("kill -\(number) $$"))
        #expect(report.outcome == .failed)
        #expect(report.result.exitCode == nil)
        #expect(report.result.signal == number)
        #expect(report.result.error == "ended by signal \(number)")
    }

    @Test("Each stream comes in its order, with consecutive numbers over both")
    func order() async throws {
        let report = try await fixture.run(
            RunnerFixture.shell("for i in 1 2 3 4 5 6 7 8 9; do echo o$i; echo e$i >&2; done; seq 1 20000"))
        let lines = (1...9).map { "o\($0)\n" } + (1...20_000).map { "\($0)\n" }
        #expect(try fixture.output() == lines.joined())
        #expect(try fixture.output("task", .stderr) == (1...9).map { "e\($0)\n" }.joined())
        let chunks = fixture.sink.recorded.chunks(report.ref)
        #expect(chunks.map(\.seq) == Array(0..<Int64(chunks.count)))
    }

    @Test("The environment is an allow-list: nothing of the service's own leaks")
    func environment() async throws {
        _ = try await fixture.run("env")
        let names = try fixture.output().split(separator: "\n").compactMap { $0.split(separator: "=").first }
        #expect(
            Set(names.map(String.init)) == [
                "PATH", "HOME", "LANG", "TERM", "NO_COLOR", "GIT_TERMINAL_PROMPT", "DEBIAN_FRONTEND",
                "PANDAR_TASK_ID", "PANDAR_ATTEMPT",
            ])
    }

    @Test("No descriptor is inherited but the three, also none that is not closed on exec")
    func descriptors() async throws {
        let open = (0..<20).map { _ in dup(0) }
        defer { for descriptor in open { close(descriptor) } }
        let script = """
            import os
            for fd in range(4096):
                try: os.fstat(fd); print(fd)
                except OSError: pass
            """
        _ = try await fixture.run(RunnerFixture.python(script))
        #expect(try fixture.output() == "0\n1\n2\n")
    }

    @Test("Words reach the program as they are, without a shell")
    func literalWords() async throws {
        _ = try await fixture.run(#"printf '%s\n' '$HOME ; rm -rf "x" `id`' '' 'two  blanks' '*'"#)
        #expect(try fixture.output() == "$HOME ; rm -rf \"x\" `id`\n\ntwo  blanks\n*\n")
    }

    @Test("What needs a shell is refused", arguments: ["echo $HOME", "true ; rm x", "a | b", "echo `id`", "ls *"])
    func refused(command: String) async throws {
        let report = try await fixture.run(command)
        #expect(report.outcome == .failed)
        #expect(report.result.exitCode == nil)
        #expect(try #require(report.result.error).contains("the command cannot be run"))
    }

    @Test("It has a session and a process group of its own, no input, default signals, and an empty directory")
    func surroundings() async throws {
        let script = """
            import os, signal, sys
            print(os.getsid(0) == os.getpid() == os.getpgid(0), repr(sys.stdin.read()), os.listdir('.'))
            print([s for s in range(1, 32) if s not in (9, 19, 2, 13, 25) and signal.getsignal(s) != signal.SIG_DFL])
            print(signal.pthread_sigmask(signal.SIG_BLOCK, []), os.listdir(os.environ['HOME']))
            print(os.readlink('/proc/self/fd/0'))
            """
        _ = try await fixture.run(RunnerFixture.python(script))
        #expect(try fixture.output() == "True '' []\n[]\nset() []\n/dev/null\n")
    }

    @Test("A program that is not there is named, with what to do")
    func notFound() async throws {
        let report = try await fixture.run("no-such-program --help")
        #expect(report.outcome == .failed)
        #expect(
            report.result.error == "no-such-program was not found on the PATH of attempts "
                + "(/usr/local/bin:/usr/bin:/bin); install it or set runner.path")
        try await eventually("its workspace is gone") {
            try FileManager.default.contentsOfDirectory(atPath: fixture.directory).allSatisfy { $0.hasPrefix(".") }
        }
    }

    @Test("A file that cannot be executed says what failed", arguments: ["/etc/passwd", "/", "./missing"])
    func notExecutable(path: String) async throws {
        let report = try await fixture.run(path)
        #expect(report.outcome == .failed)
        #expect(try #require(report.result.error).contains("\(path) could not be started (exec): "))
    }

    @Test("An order that is given twice makes one process")
    func givenTwice() async throws {
        let order = try RunnerFixture.order("echo once")
        fixture.executor.start(order, leaseFrom: Uptime.now)
        fixture.executor.start(order, leaseFrom: Uptime.now)
        _ = try await fixture.finished(order.ref)
        _ = try await fixture.run("true", id: "after")
        #expect(try fixture.output() == "once\n")
        #expect(fixture.sink.recorded.reports.count { $0.ref == order.ref && $0.kind == .finished } == 1)
    }
}
