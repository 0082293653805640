import Dispatch
import Synchronization
import Testing

@testable import TaskAPI

@Suite("Reads that block")
struct BlockingReadsTests {
    @Test("values and errors come back")
    func results() async throws {
        struct Broken: Error {}
        let lanes = BlockingReads(width: 2, capacity: 2)
        #expect(try await lanes.run { 42 } == 42)
        await #expect(throws: Broken.self) { try await lanes.run { throw Broken() } }
        #expect(try await lanes.run { 43 } == 43)
    }

    @Test("no more than the width run at once, and all end")
    func width() async throws {
        struct Seen {
            var running = 0
            var most = 0
        }
        final class Watch: Sendable {
            let seen = Mutex(Seen())
        }
        let watch = Watch()
        let lanes = BlockingReads(width: 3, capacity: 1000)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    try await lanes.run {
                        watch.seen.withLock {
                            $0.running += 1
                            $0.most = max($0.most, $0.running)
                        }
                        watch.seen.withLock { $0.running -= 1 }
                    }
                }
            }
            try await group.waitForAll()
        }
        let seen = watch.seen.withLock { $0 }
        #expect(seen.running == 0)
        #expect((1...3).contains(seen.most))
    }

    @Test("when all lanes and places are taken, a read is refused at once")
    func refused() async throws {
        let lanes = BlockingReads(width: 1, capacity: 1)
        let gate = DispatchSemaphore(value: 0)
        let started = AsyncStream.makeStream(of: Void.self)
        async let first: Int = lanes.run {
            started.continuation.yield()
            gate.wait()
            return 1
        }
        for await _ in started.stream { break }
        // One lane runs, one place is free: of two more reads exactly one is refused, and the other waits.
        let refusals = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    do {
                        _ = try await lanes.run { 2 }
                        return false
                    } catch let problem as Problem {
                        // Only now may the first end: the refusal came while it ran.
                        gate.signal()
                        return problem.kind == .busy
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(refusals == 1)
        #expect(try await first == 1)
    }
}
