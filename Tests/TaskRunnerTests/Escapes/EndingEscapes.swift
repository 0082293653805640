import Foundation
import TaskModel
import TaskRunner
import Testing

@Suite("Hostile programs that will not end, or end others")
struct EndingEscapes {
    /// Ignores what can be ignored. `mark` is in its command line, and in those of all that it forks.
    private static func deaf(_ mark: String, _ script: String) -> String {
        Attack.python(
            ["mark": mark],
            """
            for number in range(1, 65):
                try: signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError): pass
            \(script)
            """)
    }

    @Test(
        "Past its time limit, deaf to every signal, or stopped",
        arguments: [
            "while True: time.sleep(600)", "os.kill(os.getpid(), signal.SIGSTOP)\nwhile True: time.sleep(600)",
            "while True: pass", "for _ in range(4): os.fork() == 0 and os.setsid()\nwhile True: time.sleep(600)",
        ])
    func timeLimit(script: String) async throws {
        let mark = UUID().uuidString
        let command = Self.deaf(mark, script)
        let attack = try await Attack.sandboxed(command, timeoutSeconds: 1)
        #expect(attack.report.outcome == .timedOut)
        #expect(attack.report.result.error == "time limit of 1 s exceeded")
        try await eventually("all its processes are gone") { ProcessTable.pids(marked: mark).isEmpty }
    }

    @Test("Daemons: forked twice, in sessions of their own, with nothing open, deaf")
    func daemons() async throws {
        let mark = UUID().uuidString
        let command = Self.deaf(
            mark,
            """
            for _ in range(10):
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        os.chdir('/')
                        os.closerange(0, 256)
                        while True: time.sleep(600)
                    os._exit(0)
            print('ready', flush=True)
            """)
        let attack = try await Attack.sandboxed(command)
        #expect(attack.output == "ready\n")
        #expect(attack.report.outcome == .completed)
        try await eventually("the daemons are gone") { ProcessTable.pids(marked: mark).isEmpty }
        _ = try await Attack.unconfined(command)
        let left = ProcessTable.pids(marked: mark)
        #expect(!left.isEmpty, "without a sandbox they stay")
        for pid in left { kill(pid, SIGKILL) }
    }

    @Test("A program that forks while it is being killed")
    func forking() async throws {
        let mark = UUID().uuidString
        let attack = try await Attack.sandboxed(
            Self.deaf(
                mark,
                """
                while True:
                    try:
                        if os.fork() == 0: os.setsid()
                    except OSError: pass
                """), limits: SandboxLimits(processes: 40), timeoutSeconds: 1)
        #expect(attack.report.outcome == .timedOut || attack.report.outcome == .failed)
        try await eventually("all its processes are gone") { ProcessTable.pids(marked: mark).isEmpty }
    }

    @Test("Signals to init, to everybody, and to processes of the machine by their numbers")
    func signals() async throws {
        let service = try CanaryProcess()
        let fixture = try RunnerFixture(isolation: RunnerFixture.sandbox())
        let other = try fixture.start(
            RunnerFixture.shell("echo ready; until [ -e go ]; do sleep 0.05; done; echo intact"), id: "other")
        try await fixture.printed("ready", by: other)
        let attacker = try fixture.start(
            Attack.python(
                ["service": String(service.pid)],
                """
                # Where nothing holds this program, it must not do what it is made for.
                if open('/proc/1/comm').read() != 'pandar-init\\n': sys.exit('no sandbox')
                attempt('service', lambda: os.kill(int(values['service']), 9))
                attempt('group', lambda: os.killpg(int(values['service']), 9))
                for number in range(1, 65):
                    for whom in (1, -1):
                        if whom == -1 and number not in (9, 15): continue
                        try: os.kill(whom, number)
                        except OSError: pass
                libc = ctypes.CDLL(None)
                descriptor = libc.syscall(434, 1, 0)
                for number in (9, 19): libc.syscall(424, descriptor, number, None, 0)
                print('init=' + open('/proc/1/comm').read().strip())
                print('state=' + open('/proc/1/stat').read().split(') ')[1][0])
                """), id: "attacker")
        let report = try await fixture.finished(attacker)
        #expect(report.outcome == .completed)
        let output = try fixture.output("attacker")
        #expect(output.contains("service=ProcessLookupError"))
        #expect(output.contains("init=pandar-init\n"))
        // It waits, or deals with the signal of a child that was none; it is neither stopped nor dead.
        #expect(output.contains("state=S") || output.contains("state=R"), "\(output)")
        #expect(service.isAlive)
        try "".write(toFile: "\(fixture.directory)/other-1/workspace/go", atomically: false, encoding: .utf8)
        #expect(try await fixture.finished(other).outcome == .completed)
        #expect(try fixture.output("other") == "ready\nintact\n")
        // The number is right: without a sandbox it reaches.
        _ = try await Attack.unconfined("kill -9 \(service.pid)")
        try await eventually("the canary has died") { !service.isAlive }
    }

    @Test("A service that is SIGKILLed takes a deaf daemon in the sandbox along")
    func killedService() async throws {
        let mark = UUID().uuidString
        let host = try HostProcess([
            "sandboxed", "attempt",
            Self.deaf(
                mark,
                """
                for _ in range(3):
                    if os.fork() == 0: os.setsid()
                print('ready', flush=True)
                while True: time.sleep(600)
                """),
        ])
        #expect(host.line() == "ready")
        #expect(ProcessTable.pids(marked: mark).count >= 8)
        host.killHard()
        try await eventually("all its processes are gone") { ProcessTable.pids(marked: mark).isEmpty }
    }

    @Test("A thousand attempts in sandboxes leave no descriptor, process, mount, cgroup or file")
    func leavesNothing() async throws {
        let figures = try await HostProcess(["sandboxed", "attempts", "1000"]).figures()
        #expect(figures["descriptors"] ?? 1 <= 0)
        #expect(figures["threads"] ?? 1 <= 0)
        #expect(figures["children"] == 0)
        #expect(figures["processes"] == 0)
        #expect(figures["mounts"] == 0)
        #expect(figures["cgroups"] == 0)
        #expect(figures["directories"] == 0)
        #expect(figures["running"] == 0)
    }
}
