import Foundation
import Testing

@Suite("Attempts and the process that runs them")
struct ServiceDeathTests {
    private static func pid(_ line: String) throws -> Int32 { try #require(Int32(line), "no process id: \(line)") }

    @Test("Children die with the service when it is SIGKILLed: leaders, their children, and their children's")
    func killedService() async throws {
        let script = "trap '' TERM HUP INT; sleep 600 & echo $!; (trap '' HUP; sleep 600 & echo $!); echo $$; wait"
        let host = try HostProcess(["attempt", RunnerFixture.shell(script)])
        let pids = try (0..<3).map { _ in try Self.pid(host.line()) }
        #expect(pids.allSatisfy { HostProcess.isAlive($0) })
        host.killHard()
        for pid in pids { try await eventually("\(pid) has died") { !HostProcess.isAlive(pid) } }
    }

    @Test("Two hundred attempts leave no descriptor, thread, process or directory behind")
    func leavesNothing() async throws {
        let figures = try await HostProcess(["attempts", "200"]).figures()
        #expect(figures["descriptors"] ?? 1 <= 0)
        #expect(figures["threads"] ?? 1 <= 0)
        #expect(figures["children"] == 0)
        #expect(figures["directories"] == 0)
        #expect(figures["running"] == 0)
    }

    @Test("A flood of output stays in bounded memory, and others finish beside it")
    func flood() async throws {
        let figures = try await HostProcess(["flood"]).figures()
        let megabyte = 1 << 20
        #expect(try #require(figures["flood"]) > 30 * megabyte)
        // What is published is bounded; the rest goes into the tail and is forgotten.
        #expect(try #require(figures["published"]) < 32 * megabyte)
        #expect(try #require(figures["resident"]) < 16 * 1024, "KiB")
    }
}
