internal import Foundation
internal import TaskModel

/// How far the tail has folded the status topic. The owner waits on it where the cache alone is not conclusive.
final class TailProgress: @unchecked Sendable {
    // Unchecked: all mutable state is guarded by `condition`.
    private let condition = NSCondition()
    private var positions: [Int32: Int64] = [:]
    private var epochs: [Int32: Int64] = [:]

    /// Longest wait for the end of the log, in seconds. The owner's thread stands still meanwhile: less than a lease.
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

    /// An ownership record with that epoch has been folded.
    func saw(epoch: Int64, of partition: Int32) {
        condition.lock()
        epochs[partition] = max(epoch, epochs[partition] ?? 0)
        condition.unlock()
    }

    /// The greatest epoch that has been folded.
    func epoch(of partition: Int32) -> Int64 {
        condition.lock()
        defer { condition.unlock() }
        return epochs[partition] ?? 0
    }

    var snapshot: [Int32: Int64] {
        condition.lock()
        defer { condition.unlock() }
        return positions
    }

    /// Blocks until the tail has passed what is the end of the status topic now; `false` when it cannot be told.
    func waitForEnd(of group: any InputGroup) -> Bool {
        guard let ends = group.statusEnds() else { return false }
        return wait(for: ends, seconds: Self.patience)
    }

    /// Blocks until everything before these offsets has been folded; `false` when the time is up.
    func wait(for ends: [Int32: Int64], seconds: Double) -> Bool {
        let deadline = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        defer { condition.unlock() }
        while ends.contains(where: { positions[$0.key] ?? 0 < $0.value }) {
            guard condition.wait(until: deadline) else { return false }
        }
        return true
    }
}
