import TaskEngine
import TaskModel
import Testing

@Suite struct RetryBackoffTests {
    private let ids = (0..<500).compactMap { TaskID("task-\($0)") }

    @Test("without jitter it doubles up to the maximum")
    func doubling() {
        let backoff = RetryBackoff(base: 100, maximum: 1000, jitter: 0)
        #expect((1...6).map { backoff.delay(before: $0, of: "t") } == [100, 200, 400, 800, 1000, 1000])
    }

    @Test("jitter only shortens, by no more than its share", arguments: [0.2, 0.5, 1])
    func bounds(jitter: Double) {
        let backoff = RetryBackoff(base: 10_000, maximum: 100_000, jitter: jitter)
        let exact = RetryBackoff(base: 10_000, maximum: 100_000, jitter: 0)
        for count in 1...10 {
            let full = exact.delay(before: count, of: "t")
            for id in ids {
                let delay = backoff.delay(before: count, of: id)
                #expect(delay <= full && Double(delay) >= Double(full) * (1 - jitter) - 1)
            }
        }
    }

    @Test("tasks that failed together do not come back together")
    func spread() {
        let backoff = RetryBackoff(base: 10_000, maximum: 100_000, jitter: 0.2)
        let delays = ids.map { backoff.delay(before: 1, of: $0) }
        #expect(Set(delays).count > 300)
        // Over the whole of the 2,000 ms.
        #expect((delays.min() ?? 0) < 8_100 && (delays.max() ?? 0) > 9_900)
    }

    @Test("the same task gets the same delay whoever computes it")
    func deterministic() {
        // Numbers computed elsewhere: instances of different builds must agree.
        #expect(RetryBackoff(base: 1000, maximum: 60_000, jitter: 0.5).delay(before: 1, of: "t") == 687)
        #expect(RetryBackoff(base: 1000, maximum: 60_000, jitter: 0.2).delay(before: 3, of: "task-1") == 3834)
    }

    @Test("nothing overflows", arguments: [Int64.max, Int64.max / 2, 1 << 40, 1])
    func overflow(base: Int64) {
        let backoff = RetryBackoff(base: base, maximum: 600_000, jitter: 7)
        for count in [0, 1, 33, 64, 1000, Int.max] {
            #expect((0...600_000).contains(backoff.delay(before: count, of: "t")))
        }
    }
}
