import TaskEngine
import TaskModel

/// Every situation in which the task `t` can be, with the way to it.
enum Stage: String, CaseIterable {
    case scheduled, ready, backingOff, asked, approved, starting, running, stopping, completed, failed, cancelled

    var status: TaskStatus {
        switch self {
        case .scheduled, .ready, .backingOff: .pending
        case .asked, .approved: .waitingConfirmation
        case .starting, .running, .stopping: .running
        case .completed: .completed
        case .failed: .failed
        case .cancelled: .cancelled
        }
    }

    /// An engine whose only task is at this stage.
    func driver() throws -> EngineDriver {
        var driver = EngineDriver { $0.startsAfterEcho = self == .starting }
        let later = self == .scheduled ? driver.now.adding(seconds: 60) : nil
        let asks = self == .asked || self == .approved
        driver.submit(
            request(
                "t", scheduledAt: later, by: "alice", policy: asks ? .manual : nil,
                retries: self == .backingOff ? 1 : 0))
        switch self {
        case .scheduled, .ready, .asked: break
        case .approved: driver.decide(.approve, "t")
        case .cancelled: driver.act(.cancel, "t")
        case .starting, .running: driver.slots()
        case .stopping:
            driver.slots()
            driver.act(.cancel, "t")
        case .completed:
            driver.slots()
            try driver.finish("t")
        case .failed, .backingOff:
            driver.slots()
            try driver.finish("t", .failed, AttemptResult(output: "no", error: "exit 1", exitCode: 1))
        }
        return driver
    }
}
