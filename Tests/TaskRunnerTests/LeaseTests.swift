import TaskModel
import TaskRunner
import Testing

@Suite("A lease bounds how long an attempt runs unheard")
struct LeaseTests {
    @Test("An attempt whose lease passed during its commit is not started, but reported as lost")
    func passedLease() async throws {
        let fixture = try RunnerFixture()
        let order = try RunnerFixture.order("touch started", leaseSeconds: 30)
        fixture.executor.start(order, leaseFrom: Uptime.now - 30)
        let report = try await fixture.finished(order.ref)
        #expect(report.outcome == .lost)
        #expect(report.result.exitCode == nil)
        #expect(report.result.error == "the lease of 30 s had passed before the attempt could start")
        #expect(fixture.sink.recorded.progress.isEmpty)
        try await eventually("the attempt is forgotten") { fixture.executor.running.isEmpty }
    }

    @Test("The lease counts from the commit that announced the attempt, not from the process")
    func countsFromCommit() async throws {
        let fixture = try RunnerFixture(killGraceSeconds: 600)
        // All but one second of the lease went into the commit: only the lease can end this within the test.
        let order = try RunnerFixture.order("sleep 600", leaseSeconds: 3600)
        fixture.executor.start(order, leaseFrom: Uptime.now - 3599)
        let report = try await fixture.finished(order.ref)
        #expect(report.outcome == .lost)
        #expect(report.result.signal == 9)
        #expect(report.result.error == "the broker could not be reached for 3600 s")
    }

    @Test("A renewed lease lets the attempt go on")
    func renewal() async throws {
        let fixture = try RunnerFixture(heartbeatSeconds: 1)
        let order = try RunnerFixture.order("sleep 600", leaseSeconds: 3600)
        // Five seconds are left for the renewal to come.
        fixture.executor.start(order, leaseFrom: Uptime.now - 3595)
        fixture.executor.renewLeases([order.ref], from: Uptime.now, seconds: 3600)
        try await fixture.sink.wait("heartbeats beyond the first lease") { $0.heartbeats(order.ref) >= 7 }
        #expect(fixture.sink.recorded.finished(order.ref) == nil)
        fixture.executor.stop(order.ref, reason: .cancelled)
        #expect(try await fixture.finished(order.ref).outcome == .cancelled)
    }
}
