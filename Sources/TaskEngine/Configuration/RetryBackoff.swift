public import TaskModel

/// Exponential back-off with jitter between attempts of one task.
public struct RetryBackoff: Sendable, Hashable {
    /// Milliseconds before the first repetition.
    public var base: Int64
    /// Most milliseconds before any repetition.
    public var maximum: Int64
    /// The share of the delay that is random, 0–1.
    public var jitter: Double

    public init(base: Int64 = 5000, maximum: Int64 = 600_000, jitter: Double = 0.2) {
        self.base = base
        self.maximum = maximum
        self.jitter = jitter
    }

    /// Milliseconds before repetition `count` (1, 2, …) of a task: `base · 2^(count-1)`, at most `maximum`, less a
    /// share of it that differs from task to task. The same task gets the same delay whoever computes it.
    public func delay(before count: Int, of task: TaskID) -> Int64 {
        let doublings = min(max(count - 1, 0), 32)
        let (product, overflow) = base.multipliedReportingOverflow(by: 1 << Int64(doublings))
        let full = overflow ? maximum : min(product, maximum)
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 &+ UInt64(truncatingIfNeeded: count)
        for byte in task.text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash ^= hash >> 32
        let share = Double(hash % 1000) / 1000 * min(max(jitter, 0), 1)
        return full - Int64(Double(full) * share)
    }
}
