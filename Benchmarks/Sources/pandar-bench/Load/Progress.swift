import Foundation

/// What is under way between the feed and the status topic. Bounds it: an embedded broker keeps 5 MiB a partition and
/// drops what a reader has not yet seen.
final class Progress: @unchecked Sendable {
    // Unchecked: all mutable state is guarded by `condition`.
    private let condition = NSCondition()
    private var sentCount = 0
    private var doneCount = 0
    private var isClosed = false
    private let window: Int

    /// - Parameter window: most tasks under way.
    init(window: Int) {
        self.window = window
    }

    /// Takes the right to send up to `limit` more; waits until there is one. 0 when closed.
    func take(upTo limit: Int) -> Int {
        condition.lock()
        defer { condition.unlock() }
        while !isClosed, sentCount - doneCount >= window { condition.wait() }
        let count = isClosed ? 0 : min(limit, window - (sentCount - doneCount))
        sentCount += count
        return count
    }

    func done(_ count: Int) {
        condition.lock()
        doneCount += count
        condition.broadcast()
        condition.unlock()
    }

    var completed: Int {
        condition.lock()
        defer { condition.unlock() }
        return doneCount
    }

    /// Lets the feed end.
    func close() {
        condition.lock()
        isClosed = true
        condition.broadcast()
        condition.unlock()
    }

    /// Waits until `count` are done. Throws when none more is done for `seconds`.
    func wait(for count: Int, patience seconds: Double = 30) throws {
        condition.lock()
        defer { condition.unlock() }
        var last = doneCount
        var deadline = Date(timeIntervalSinceNow: seconds)
        while doneCount < count {
            if !condition.wait(until: deadline), doneCount == last {
                throw BenchError("Only \(doneCount) of \(count) tasks got through; none more in \(seconds) s.")
            }
            guard doneCount > last else { continue }
            last = doneCount
            deadline = Date(timeIntervalSinceNow: seconds)
        }
    }

    /// Waits until all that were sent are done.
    func waitForAll() throws {
        condition.lock()
        let sent = sentCount
        condition.unlock()
        try wait(for: sent)
    }
}
