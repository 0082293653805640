internal import Foundation
internal import TaskModel

/// How far the tail has read the status topic, and how far it has folded it. The owner waits on the one to see whether
/// what it wrote counts, on the other where the cache alone is not conclusive.
final class TailProgress: @unchecked Sendable {
    // Unchecked: all mutable state is guarded by `condition`.
    private let condition = NSCondition()
    private var readPositions: [Int32: Int64] = [:]
    private var positions: [Int32: Int64] = [:]
    private var epochs: [Int32: Int64] = [:]
    private var foldWaiters = 0

    /// Longest wait for the end of the log, in seconds. The owner's thread stands still meanwhile: less than a lease.
    private static let patience = 10.0

    /// Everything before `offset` has been read.
    func read(_ offset: Int64, of partition: Int32) {
        condition.lock()
        if offset > readPositions[partition] ?? 0 {
            readPositions[partition] = offset
            condition.broadcast()
        }
        condition.unlock()
    }

    /// Everything before `offset` has been folded.
    func reached(_ offset: Int64, of partition: Int32) {
        condition.lock()
        if offset > positions[partition] ?? 0 {
            positions[partition] = offset
            condition.broadcast()
        }
        condition.unlock()
    }

    /// An ownership record with that epoch has been read.
    func saw(epoch: Int64, of partition: Int32) {
        condition.lock()
        epochs[partition] = max(epoch, epochs[partition] ?? 0)
        condition.unlock()
    }

    /// The greatest epoch that has been read.
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
        awaitFold(1)
        defer { awaitFold(-1) }
        return wait(seconds: Self.patience) { ends.allSatisfy { self.positions[$0.key] ?? 0 >= $0.value } }
    }

    /// Whether somebody waits for what has been read to be folded.
    var isAwaited: Bool {
        condition.lock()
        defer { condition.unlock() }
        return foldWaiters > 0
    }

    private func awaitFold(_ change: Int) {
        condition.lock()
        foldWaiters += change
        condition.unlock()
    }

    /// Blocks until everything before these offsets has been read; `false` when the time is up.
    func waitUntilRead(_ ends: [Int32: Int64], seconds: Double) -> Bool {
        wait(seconds: seconds) { ends.allSatisfy { self.readPositions[$0.key] ?? 0 >= $0.value } }
    }

    private func wait(seconds: Double, until isTrue: () -> Bool) -> Bool {
        let deadline = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        defer { condition.unlock() }
        while !isTrue() {
            guard condition.wait(until: deadline) else { return false }
        }
        return true
    }
}
