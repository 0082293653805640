import TaskModel
import TestKit
import Testing

@testable import TaskRunner

@Suite("An attempt ends by itself, by request, by time or by its lease")
struct AttemptLifecycleTests {
    private func lifecycle(timeout: Int = 100, leaseUntil: Double = 50, grace: Int = 10) -> AttemptLifecycle {
        AttemptLifecycle(now: 0, timeoutSeconds: timeout, leaseUntil: leaseUntil, graceSeconds: grace)
    }

    @Test("One that ends by itself is completed or failed by its exit code", arguments: [Int32(0), 1, 137])
    func byItself(code: Int32) {
        var lifecycle = lifecycle()
        #expect(lifecycle.outputClosed() == [])
        #expect(lifecycle.leaderExited(now: 3) == [.kill, .finish])
        #expect(lifecycle.outcome(exitCode: code, signal: nil) == (code == 0 ? .completed : .failed))
        #expect(lifecycle.deadline == nil)
    }

    @Test("A signal from outside is a failure")
    func signalled() {
        var lifecycle = lifecycle()
        _ = lifecycle.leaderExited(now: 3)
        #expect(lifecycle.outcome(exitCode: nil, signal: 11) == .failed)
    }

    @Test("Output that comes after the leader's end is waited for, but not for long")
    func lingering() {
        var lifecycle = lifecycle()
        #expect(lifecycle.leaderExited(now: 3) == [.kill])
        #expect(lifecycle.deadline == 5)
        #expect(lifecycle.tick(now: 4.9) == [])
        #expect(lifecycle.tick(now: 5) == [.finish])
        #expect(lifecycle.tick(now: 6) == [])
        #expect(lifecycle.outputClosed() == [])
    }

    @Test("Output that closes after the leader's end finishes at once")
    func closes() {
        var lifecycle = lifecycle()
        #expect(lifecycle.leaderExited(now: 3) == [.kill])
        #expect(lifecycle.outputClosed() == [.finish])
        #expect(lifecycle.tick(now: 100) == [])
    }

    @Test(
        "A stop is polite first and kills after the grace",
        arguments: [StopReason.cancelled, .interrupted, .superseded])
    func stops(reason: StopReason) {
        var lifecycle = lifecycle()
        #expect(lifecycle.stop(reason, now: 1) == [.terminate])
        #expect(lifecycle.deadline == 11)
        #expect(lifecycle.stop(reason, now: 2) == [])
        #expect(lifecycle.tick(now: 10.9) == [])
        #expect(lifecycle.tick(now: 11) == [.kill])
        #expect(lifecycle.tick(now: 12) == [])
        #expect(lifecycle.leaderExited(now: 12) == [.kill])
        #expect(lifecycle.outputClosed() == [.finish])
        #expect(lifecycle.outcome(exitCode: nil, signal: 9) == (reason == .interrupted ? .interrupted : .cancelled))
    }

    @Test("Without a grace a stop kills")
    func noGrace() {
        var lifecycle = lifecycle(grace: 0)
        #expect(lifecycle.stop(.cancelled, now: 1) == [.kill])
    }

    @Test("The time limit terminates, then kills")
    func timeout() {
        var lifecycle = lifecycle(timeout: 20)
        #expect(lifecycle.deadline == 20)
        #expect(lifecycle.tick(now: 19.9) == [])
        #expect(lifecycle.tick(now: 20) == [.terminate])
        #expect(lifecycle.tick(now: 30) == [.kill])
        #expect(lifecycle.outcome(exitCode: nil, signal: 9) == .timedOut)
        #expect(lifecycle.cause == .timedOut)
    }

    @Test("A lease that passes kills at once: somebody else may get the task soon")
    func leaseLost() {
        var lifecycle = lifecycle()
        #expect(lifecycle.tick(now: 49.9) == [])
        #expect(lifecycle.tick(now: 50) == [.kill])
        #expect(lifecycle.outcome(exitCode: nil, signal: 9) == .lost)
    }

    @Test("A lost lease that is told from outside kills at once too")
    func toldLost() {
        var lifecycle = lifecycle()
        #expect(lifecycle.stop(.leaseLost, now: 1) == [.kill])
    }

    @Test("The grace never outlives the lease")
    func graceWithinLease() {
        var lifecycle = lifecycle(leaseUntil: 50)
        #expect(lifecycle.stop(.cancelled, now: 45) == [.terminate])
        #expect(lifecycle.deadline == 50)
        #expect(lifecycle.tick(now: 50) == [.kill])
        #expect(lifecycle.outcome(exitCode: nil, signal: 9) == .cancelled)
    }

    @Test("A renewal extends a lease and never shortens it")
    func renewals() {
        var lifecycle = lifecycle()
        lifecycle.renewLease(until: 70)
        lifecycle.renewLease(until: 60)
        #expect(lifecycle.tick(now: 69.9) == [])
        #expect(lifecycle.tick(now: 70) == [.kill])
        lifecycle.renewLease(until: 500)
        #expect(lifecycle.outcome(exitCode: nil, signal: 9) == .lost)
    }

    @Test("Whatever comes in whatever order: one end, and no signal after it", arguments: 0..<100)
    func anyOrder(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var lifecycle = lifecycle(timeout: Int.random(in: 1...60, using: &generator))
        var now = 0.0
        var isClosed = false
        var exitedAt: Double?
        var actions: [AttemptLifecycle.Action] = []
        for _ in 0..<30 {
            now += Double.random(in: 0...5, using: &generator)
            switch Int.random(in: 0..<8, using: &generator) {
            case 0:
                actions += lifecycle.stop(StopReason.allCases.randomElement(using: &generator) ?? .cancelled, now: now)
            case 1: lifecycle.renewLease(until: now + 20)
            case 2 where !isClosed:
                isClosed = true
                actions += lifecycle.outputClosed()
            case 3 where exitedAt == nil:
                exitedAt = now
                actions += lifecycle.leaderExited(now: now)
            default: actions += lifecycle.tick(now: now)
            }
        }
        if exitedAt == nil { actions += lifecycle.leaderExited(now: now) }
        actions += lifecycle.tick(now: now + AttemptLifecycle.lingerSeconds)
        #expect(actions.count { $0 == .finish } == 1)
        #expect(actions.last == .finish)
        #expect(actions.count { $0 == .terminate } <= 1)
        #expect(lifecycle.deadline == nil)
    }
}
