import Foundation
import TaskModel
import TaskRunner
import Testing

@Suite("Attempts are stopped with all they started")
struct StopTests {
    @Test("The time limit ends an attempt and says so")
    func timeLimit() async throws {
        let fixture = try RunnerFixture()
        let report = try await fixture.finished(try fixture.start("sleep 600", timeoutSeconds: 1))
        #expect(report.outcome == .timedOut)
        #expect(report.result.signal == 15)
        #expect(report.result.error == "time limit of 1 s exceeded")
    }

    @Test("A cancelled attempt may clean up within its grace")
    func cleansUp() async throws {
        let fixture = try RunnerFixture()
        let ref = try fixture.start(RunnerFixture.shell("trap 'echo bye; exit 3' TERM; echo up; sleep 600 & wait"))
        try await fixture.printed("up", by: ref)
        fixture.executor.stop(ref, reason: .cancelled)
        let report = try await fixture.finished(ref)
        #expect(report.outcome == .cancelled)
        #expect(report.result.exitCode == 3)
        #expect(try fixture.output() == "up\nbye\n")
    }

    @Test("One that ignores SIGTERM is killed after the grace, with its whole group")
    func ignoresTerm() async throws {
        let fixture = try RunnerFixture(killGraceSeconds: 1)
        let ref = try fixture.start(RunnerFixture.shell("trap '' TERM; sleep 600 & echo $!; echo up; wait; sleep 600"))
        try await fixture.printed("up", by: ref)
        let child = try #require(Int32(try fixture.output().split(separator: "\n").first ?? ""))
        fixture.executor.stop(ref, reason: .cancelled)
        let report = try await fixture.finished(ref)
        #expect(report.outcome == .cancelled)
        #expect(report.result.signal == 9)
        try await eventually("the child has died") { !HostProcess.isAlive(child) }
    }

    @Test("Grandchildren that hold the pipes die with the leader, and their output is not lost")
    func grandchildren() async throws {
        let fixture = try RunnerFixture()
        // Forked twice and orphaned, but still in the group.
        let ref = try fixture.start(
            RunnerFixture.shell(
                "(sh -c 'echo $$; echo > up; exec sleep 600' &) ; until [ -e up ]; do sleep 0.05; done; echo end"))
        let report = try await fixture.finished(ref)
        #expect(report.outcome == .completed)
        let lines = try fixture.output().split(separator: "\n")
        #expect(lines.count == 2)
        let grandchild = try #require(lines.first.flatMap { Int32($0) })
        try await eventually("the grandchild has died") { !HostProcess.isAlive(grandchild) }
    }

    /// What leaves the session leaves the group too: only the sandbox's process namespace will reach it. Until then an
    /// attempt at least does not wait for it.
    @Test("A daemon that left the session is out of reach, but does not hold the attempt's end up")
    func daemon() async throws {
        let fixture = try RunnerFixture()
        let ref = try fixture.start(
            RunnerFixture.shell(
                "setsid sh -c 'echo $$; exec sleep 600' & until [ -s pid ]; do "
                    + "sleep 0.05; ls /proc/$! > /dev/null && echo x > pid; done; sleep 0.3; exit 0"))
        let report = try await fixture.finished(ref)
        #expect(report.outcome == .completed)
        let daemon = try #require(Int32(try fixture.output().split(separator: "\n").first ?? ""))
        #expect(HostProcess.isAlive(daemon))
        kill(daemon, SIGKILL)
    }

    @Test("Going down interrupts all attempts")
    func stopAll() async throws {
        let fixture = try RunnerFixture()
        let refs = try (0..<5).map { try fixture.start("sleep 600", id: "task-\($0)") }
        #expect(fixture.executor.running == Set(refs))
        fixture.executor.stopAll(reason: .interrupted)
        for ref in refs { #expect(try await fixture.finished(ref).outcome == .interrupted) }
        try await eventually("nothing runs") { fixture.executor.running.isEmpty }
    }

    @Test("A stop for what is not there is ignored")
    func unknown() async throws {
        let fixture = try RunnerFixture()
        let ref = try RunnerFixture.order("true", id: "other").ref
        fixture.executor.stop(ref, reason: .cancelled)
        fixture.executor.renewLeases([ref], from: Uptime.now, seconds: 10)
        #expect(try await fixture.run("true").outcome == .completed)
    }

    @Test("Heartbeats and progress go on while it works, and never say that it is done")
    func heartbeats() async throws {
        let fixture = try RunnerFixture(heartbeatSeconds: 1)
        let ref = try fixture.start("sleep 600")
        let recorded = try await fixture.sink.wait("two heartbeats") { $0.heartbeats(ref) >= 2 }
        #expect(recorded.reports.allSatisfy { $0.progress.percent < 100 && $0.runner == "test" })
        #expect(recorded.progress.map(\.seq) == Array(1...Int64(recorded.progress.count)))
        fixture.executor.stop(ref, reason: .superseded)
        #expect(try await fixture.finished(ref).outcome == .cancelled)
    }
}
