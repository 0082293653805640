internal import Dispatch
internal import Synchronization

/// Runs reads that block (SQLite) on threads of their own, so that neither an event loop nor the cooperative pool waits
/// for a disk. A fixed number runs at once, a bounded number waits, and more are refused.
final class BlockingReads: Sendable {
    private typealias Work = @Sendable () -> Void

    private struct Lanes {
        var running = 0
        /// Served from the end of `incoming` reversed: a queue of two stacks.
        var outgoing: [Work] = []
        var incoming: [Work] = []

        mutating func next() -> Work? {
            if outgoing.isEmpty {
                outgoing = incoming.reversed()
                incoming = []
            }
            return outgoing.popLast()
        }
    }

    private let width: Int
    private let capacity: Int
    private let lanes = Mutex(Lanes())
    private let queue = DispatchQueue(label: "dev.pandar.http.reads", attributes: .concurrent)

    /// - Parameters:
    ///   - width: reads that run at once; not more than the cache has readers.
    ///   - capacity: reads that wait beside those; at 1 ms each, 256 on 4 lanes are 64 ms.
    init(width: Int = 4, capacity: Int = 256) {
        self.width = width
        self.capacity = capacity
    }

    /// Runs `read`.
    /// - Throws: what `read` throws, or a ``Problem`` when too many wait.
    func run<Value: Sendable>(_ read: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
            let isAccepted = submit { continuation.resume(with: Result { try read() }) }
            if !isAccepted {
                continuation.resume(
                    throwing: Problem(.busy, "More than \(capacity) reads wait already. Ask again in a second."))
            }
        }
    }

    private func submit(_ work: @escaping Work) -> Bool {
        enum Verdict { case start, wait, refuse }
        let verdict = lanes.withLock { lanes -> Verdict in
            if lanes.running < width {
                lanes.running += 1
                return .start
            }
            guard lanes.incoming.count + lanes.outgoing.count < capacity else { return .refuse }
            lanes.incoming.append(work)
            return .wait
        }
        if verdict == .start { queue.async { self.drain(from: work) } }
        return verdict != .refuse
    }

    /// Runs `work` and whatever waits, then gives the lane back.
    private func drain(from work: Work) {
        var work = work
        while true {
            work()
            let next = lanes.withLock { lanes -> Work? in
                let next = lanes.next()
                if next == nil { lanes.running -= 1 }
                return next
            }
            guard let next else { return }
            work = next
        }
    }
}
