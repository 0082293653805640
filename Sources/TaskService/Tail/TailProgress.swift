internal import Foundation
internal import TaskModel

/// How far the tail has folded the status topic. The owner waits on it where the cache alone is not conclusive.
final class TailProgress: @unchecked Sendable {
    // Unchecked: `positions` is guarded by `condition`.
    private let condition = NSCondition()
    private var positions: [Int32: Int64] = [:]

    /// Longest wait for the end of the log, in seconds. The broker answers within it or the input is looked at as it
    /// stands: a record for a task that nobody knows must not hold its partition up for ever.
    private static let patience = 10.0

    /// Everything before `offset` has been folded.
    func reached(_ offset: Int64, of partition: Int32) {
        condition.lock()
        if offset > positions[partition] ?? 0 {
            positions[partition] = offset
            condition.broadcast()
        }
        condition.unlock()
    }

    var snapshot: [Int32: Int64] {
        condition.lock()
        defer { condition.unlock() }
        return positions
    }

    /// Blocks until the tail has passed what is the end of the status topic now.
    func waitForEnd(of group: any InputGroup) {
        guard let ends = group.statusEnds() else { return }
        let deadline = Date(timeIntervalSinceNow: Self.patience)
        condition.lock()
        defer { condition.unlock() }
        while ends.contains(where: { positions[$0.key] ?? 0 < $0.value }) {
            guard condition.wait(until: deadline) else { return }
        }
    }
}
