internal import Foundation
internal import TaskModel

/// One attempt on the reactor's thread: its process, what it printed, what is due.
final class RunningAttempt {
    let order: AttemptOrder
    let token: UInt64
    let process: SpawnedProcess
    let directory: String
    let startedAt: Double
    var lifecycle: AttemptLifecycle
    var publisher: OutputPublisher
    var heartbeatAt: Double
    /// The leader was reaped and its group killed: the number may be another's from now on.
    var hasExited = false
    var exitCode: Int32?
    var signal: Int32?
    private var openOutputs: Set<Int32>
    private var progressSeq: Int64 = 0

    init(
        order: AttemptOrder, token: UInt64, process: SpawnedProcess, directory: String, now: Double,
        leaseUntil: Double, settings: RunnerSettings
    ) {
        self.order = order
        self.token = token
        self.process = process
        self.directory = directory
        startedAt = now
        lifecycle = AttemptLifecycle(
            now: now, timeoutSeconds: order.timeoutSeconds, leaseUntil: leaseUntil,
            graceSeconds: settings.killGraceSeconds)
        publisher = OutputPublisher(ref: order.ref, limit: settings.outputLimitBytes)
        heartbeatAt = now + Double(settings.heartbeatSeconds)
        openOutputs = [process.output, process.error]
    }

    var ref: AttemptRef { order.ref }

    /// When something is due.
    var deadline: Double {
        min(lifecycle.deadline ?? .infinity, publisher.flushAt ?? .infinity, heartbeatAt)
    }

    func stream(of descriptor: Int32) -> OutputChunk.Stream {
        descriptor == process.output ? .stdout : .stderr
    }

    /// Notes that a pipe is at its end; whether it was the last one open.
    func closed(_ descriptor: Int32) -> Bool {
        guard openOutputs.remove(descriptor) != nil else { return false }
        close(descriptor)
        return openOutputs.isEmpty
    }

    /// Closes what is still open.
    func closeAll() {
        for descriptor in openOutputs { close(descriptor) }
        openOutputs = []
        close(process.pidfd)
    }

    /// A plain command tells no progress: a guess that grows with time and never reaches the end.
    func progress(now: Double) -> TaskProgress {
        let share = 1 - exp(-(now - startedAt) / 600)
        return TaskProgress(percent: 10 + Int(80 * share), phase: "working")
    }

    func progressEvent(_ progress: TaskProgress) -> ProgressEvent {
        progressSeq += 1
        return ProgressEvent(ref: ref, seq: progressSeq, progress: progress, isEstimated: true, at: .now)
    }

    /// What the attempt left behind.
    func result(now: Double) -> AttemptResult {
        AttemptResult(
            output: publisher.tail.text, outputBytes: publisher.tail.total, error: errorSentence, exitCode: exitCode,
            signal: signal, duration: Int64((now - startedAt) * 1000))
    }

    private var errorSentence: String? {
        switch lifecycle.cause {
        case .timedOut: "time limit of \(order.timeoutSeconds) s exceeded"
        case .stopped(.cancelled), .stopped(.superseded): "stopped on request"
        case .stopped(.interrupted): "the service went down"
        case .stopped(.leaseLost): "the broker could not be reached for \(order.leaseSeconds) s"
        case nil: signal.map { "ended by signal \($0)" } ?? (exitCode == 0 ? nil : "exit code \(exitCode ?? -1)")
        }
    }
}
