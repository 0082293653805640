import Dispatch
import Synchronization
import TaskModel
import TaskRunner

/// Attempts that do nothing: they have ended when they start, but for one that is named.
final class NoopExecutor: AttemptExecutor {
    /// What attempts do.
    enum Behaviour: Sendable {
        case end
        /// As `end`, but the task of that id takes so many seconds.
        case endBut(String, seconds: Double)
        /// They run until the service stops.
        case stay
    }

    private let behaviour: Behaviour
    private let runner: String
    private let incarnation: String
    private let sink: any AttemptSink
    private let slow = Mutex<Set<AttemptRef>>([])

    init(_ behaviour: Behaviour, _ settings: RunnerSettings, _ sink: any AttemptSink) {
        self.behaviour = behaviour
        runner = settings.runner
        incarnation = settings.incarnation
        self.sink = sink
    }

    func start(_ order: AttemptOrder, leaseFrom uptime: Double) {
        switch behaviour {
        case .stay: return
        case .endBut(let id, let seconds) where order.ref.taskID.text == id:
            slow.withLock { _ = $0.insert(order.ref) }
            DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [self] in end(order) }
        case .end, .endBut: end(order)
        }
    }

    private func end(_ order: AttemptOrder) {
        slow.withLock { _ = $0.remove(order.ref) }
        sink.report(
            RunnerReport(
                ref: order.ref, runner: runner, incarnation: incarnation, kind: .finished,
                progress: TaskProgress(percent: 100, phase: "done"), outcome: .completed,
                result: AttemptResult(exitCode: 0, duration: 0), at: .now), of: order)
    }

    func answer(_ ref: AttemptRef, question number: Int, _ answer: QuestionAnswer) {}
    func stop(_ ref: AttemptRef, reason: StopReason) {}
    func renewLeases(_ refs: some Collection<AttemptRef>, from uptime: Double, seconds: Int) {}
    func stopAll(reason: StopReason) {}
    var running: Set<AttemptRef> { slow.withLock { $0 } }
}
