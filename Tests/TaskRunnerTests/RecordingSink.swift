import Foundation
import Synchronization
import TaskModel
import TaskRunner

/// Remembers everything an executor tells, and lets a test wait for what it expects.
final class RecordingSink: AttemptSink {
    struct Recorded: Sendable {
        var reports: [RunnerReport] = []
        var chunks: [OutputChunk] = []
        var progress: [ProgressEvent] = []

        func finished(_ ref: AttemptRef) -> RunnerReport? {
            reports.first { $0.ref == ref && $0.kind == .finished }
        }

        func heartbeats(_ ref: AttemptRef) -> Int {
            reports.count { $0.ref == ref && $0.kind == .heartbeat }
        }

        func chunks(_ ref: AttemptRef) -> [OutputChunk] {
            chunks.filter { $0.ref == ref }
        }

        func text(_ ref: AttemptRef, _ stream: OutputChunk.Stream) -> String {
            chunks.filter { $0.ref == ref && $0.stream == stream }.map(\.text).joined()
        }
    }

    struct TimedOut: Error, CustomStringConvertible {
        let description: String
    }

    private struct Waiter {
        let isMet: @Sendable (Recorded) -> Bool
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var recorded = Recorded()
        var waiters: [Int: Waiter] = [:]
        var lastWaiter = 0
    }

    private let state = Mutex(State())
    /// What is remembered of output; a flood is only counted.
    private let keepsOutput: Bool

    init(keepsOutput: Bool = true) {
        self.keepsOutput = keepsOutput
    }

    var recorded: Recorded { state.withLock { $0.recorded } }

    func report(_ report: RunnerReport, of order: AttemptOrder) {
        note { $0.reports.append(report) }
    }

    func output(_ chunk: OutputChunk, of order: AttemptOrder) {
        guard keepsOutput else { return }
        note { $0.chunks.append(chunk) }
    }

    func progress(_ event: ProgressEvent, of order: AttemptOrder) {
        note { $0.progress.append(event) }
    }

    private func note(_ change: (inout Recorded) -> Void) {
        let met = state.withLock { state in
            change(&state.recorded)
            let met = state.waiters.filter { $0.value.isMet(state.recorded) }
            for id in met.keys { state.waiters[id] = nil }
            return met.values.map(\.continuation)
        }
        for continuation in met { continuation.resume(returning: true) }
    }

    /// Waits until what was told satisfies `isMet`.
    @discardableResult
    func wait(
        _ what: String, seconds: Int = 60, until isMet: @escaping @Sendable (Recorded) -> Bool
    ) async throws -> Recorded {
        let isInTime = await withCheckedContinuation { continuation in
            let id: Int? = state.withLock { state in
                guard !isMet(state.recorded) else { return nil }
                state.lastWaiter += 1
                state.waiters[state.lastWaiter] = Waiter(isMet: isMet, continuation: continuation)
                return state.lastWaiter
            }
            guard let id else { return continuation.resume(returning: true) }
            Task {
                try? await Task.sleep(for: .seconds(seconds))
                self.state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume(returning: false)
            }
        }
        guard isInTime else {
            throw TimedOut(description: "\(what) did not happen within \(seconds) s; reports: \(recorded.reports)")
        }
        return recorded
    }
}
