import TaskModel
import TaskRunner
import TestKit

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

    private let state = Observed(Recorded())
    /// What is remembered of output; a flood is only counted.
    private let keepsOutput: Bool

    init(keepsOutput: Bool = true) {
        self.keepsOutput = keepsOutput
    }

    var recorded: Recorded { state.value }

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
        state.change(change)
    }

    /// Waits until what was told satisfies `isMet`.
    @discardableResult
    func wait(
        _ what: String, seconds: Int = 120, until isMet: @escaping @Sendable (Recorded) -> Bool
    ) async throws -> Recorded {
        try await state.wait(what, seconds: seconds, until: isMet)
    }
}
