internal import Foundation
internal import TaskModel

/// What the drivers of agents report.
extension AttemptReactor {
    /// Reads a little of it; the poll tells again while there is more.
    func readReports(_ attempt: RunningAttempt) {
        guard let descriptor = attempt.agent?.descriptor, attempt.isOpen(descriptor) else { return }
        let count = Foundation.read(descriptor, &buffer, AgentTalk.bytesPerTurn)
        if count > 0 {
            take(buffer[..<count], of: attempt)
        } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
            if attempt.closed(descriptor, in: poll) { carryOut(attempt.lifecycle.outputClosed(), on: attempt) }
        }
    }

    /// Reads what a pipe can hold at most, when the attempt has ended while somebody kept the pipe open.
    func readLastReports(_ attempt: RunningAttempt) {
        guard let descriptor = attempt.agent?.descriptor, attempt.isOpen(descriptor) else { return }
        let count = Foundation.read(descriptor, &buffer, buffer.count)
        if count > 0 { take(buffer[..<count], of: attempt) }
    }

    private func take(_ bytes: ArraySlice<UInt8>, of attempt: RunningAttempt) {
        let now = Uptime.now
        guard let (events, breach) = attempt.agent?.take(bytes, now: now) else { return }
        for event in events {
            sink.progress(attempt.progressEvent(attempt.progress(now: now), event), of: attempt.order)
        }
        if let breach { carryOut(attempt.lifecycle.overspend(breach, now: now), on: attempt) }
    }
}
