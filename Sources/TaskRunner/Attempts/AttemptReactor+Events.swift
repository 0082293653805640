internal import CProcess
internal import Foundation
internal import Logging
internal import TaskModel

/// What comes from running attempts, and how they end.
extension AttemptReactor {
    enum Source: UInt64 {
        case output, error, leader, control, reports

        /// Bits of a poll's token that tell the source; the rest is the attempt's own token.
        private static let bits = 3

        func token(_ attempt: UInt64) -> UInt64 { attempt << Self.bits | rawValue }

        static func split(_ token: UInt64) -> (attempt: UInt64, source: Source?) {
            (token >> bits, Source(rawValue: token & (1 << bits - 1)))
        }
    }

    /// Reads of one pipe in one turn, so that a flood does not hold the others up.
    private static let readsPerTurn = 4

    func ready(_ token: UInt64) {
        let (number, source) = Source.split(token)
        guard let attempt = attempts[number], let source else { return }
        switch source {
        case .output: read(attempt, attempt.process.output)
        case .error: read(attempt, attempt.process.error)
        case .reports: readReports(attempt)
        case .leader: reap(attempt)
        case .control:
            // At its end the socket would be ready for ever.
            if !attempt.takeReports(), let channel = attempt.channel { poll.remove(channel.descriptor) }
        }
    }

    private func read(_ attempt: RunningAttempt, _ descriptor: Int32) {
        for _ in 0..<Self.readsPerTurn {
            guard attempt.isOpen(descriptor) else { return }
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            if count > 0 {
                for chunk in attempt.take(buffer[..<count], from: descriptor) { sink.output(chunk, of: attempt.order) }
                if let breach = attempt.outputBreach { return carryOut(attempt.lifecycle.exceed(breach), on: attempt) }
                if count < buffer.count { return }
            } else if count < 0, errno == EAGAIN || errno == EINTR {
                return
            } else {
                // A terminal whose program is gone says EIO.
                if attempt.closed(descriptor, in: poll) { carryOut(attempt.lifecycle.outputClosed(), on: attempt) }
                return
            }
        }
    }

    private func reap(_ attempt: RunningAttempt) {
        var status: Int32 = 0
        var usage = rusage()
        // The rest of the group goes before the leader is reaped: after that its number may be another's.
        signalGroup(attempt, SIGKILL)
        let reaped = pandar_reap(attempt.process.pid, Int32(WNOHANG), &status, &usage)
        guard reaped != 0 else { return }
        poll.remove(attempt.process.pidfd)
        attempt.hasExited = true
        _ = processGuard?.forget(attempt.process.pid)
        if reaped == 1 {
            attempt.leaderEnded(status: status)
        } else {
            logger.error("an attempt's exit code is not to be had", metadata: ["attempt": "\(attempt.ref)"])
        }
        // What is in the pipes already belongs to the attempt; then they are looked at for a while longer.
        carryOut(attempt.lifecycle.leaderExited(now: Uptime.now), on: attempt)
    }

    /// SIGTERM to all processes of the attempt.
    func terminate(_ attempt: RunningAttempt) {
        // Who is to end has nothing more done.
        attempt.holdings.gate?.stop()
        // bubblewrap would die of it and take the sandbox along; init passes it on to the program's processes.
        if let channel = attempt.channel { channel.terminate() } else { signalGroup(attempt, SIGTERM) }
    }

    /// Ends all processes of the attempt.
    func kill(_ attempt: RunningAttempt) {
        attempt.holdings.gate?.stop()
        // When init has died, every other process of the sandbox has: only then does bubblewrap end.
        if !attempt.hasExited, attempt.channel?.kill() == true { return }
        // Without a sandbox the agent is in a group of its own; its driver, being killed, cannot end it.
        if attempt.agent != nil, attempt.channel == nil, !attempt.hasExited {
            let processes = ProcessTree.processes(root: attempt.process.pid)
            for pid in processes.dropFirst() { _ = Foundation.kill(pid, SIGKILL) }
        }
        signalGroup(attempt, SIGKILL)
    }

    /// Before the end is told: afterwards nobody would know whether an approved push was done.
    private func tellUnused(_ attempt: RunningAttempt) {
        guard let gate = attempt.holdings.gate else { return }
        gate.stop()
        for act in gate.takeUnused() { performGate(.acted(attempt.order, act), now: Uptime.now) }
    }

    private func signalGroup(_ attempt: RunningAttempt, _ signal: Int32) {
        guard !attempt.hasExited else { return }
        _ = Foundation.kill(-attempt.process.pid, signal)
    }

    func finish(_ attempt: RunningAttempt) {
        let now = Uptime.now
        tellUnused(attempt)
        let peak = supervisor.forget(attempt.ref)
        readLastReports(attempt)
        attempt.closeAll(in: poll)
        attempts[attempt.token] = nil
        tokens[attempt.ref] = nil
        for chunk in attempt.finishOutput(now: now) { sink.output(chunk, of: attempt.order) }
        let end = attempt.end(now: now, sampledPeak: peak)
        let progress =
            end.outcome == .completed ? TaskProgress(percent: 100, phase: "done") : attempt.progress(now: now)
        sink.progress(attempt.progressEvent(progress), of: attempt.order)
        var report = self.report(of: attempt.order, .finished, progress, end.outcome, end.result)
        report.lacksSandbox = end.outcome == .failed && attempt.exit.failure?.isSandbox == true
        report.agent = attempt.account
        report.failure = end.failure
        // Before it is told: a next attempt waits for what this one leaves.
        preparer.release(
            attempt.holdings,
            WorkspaceOutcome(end.outcome, end.failure, isReusable: attempt.holdings.workspace.isReusable))
        sink.report(report, of: attempt.order)
        ended.append(attempt.ref)
    }
}
