internal import Foundation
internal import TaskModel

/// One attempt on the reactor's thread: its process, what it printed, what is due.
final class RunningAttempt {
    let order: AttemptOrder
    let token: UInt64
    let process: SpawnedProcess
    let holdings: AttemptHoldings
    let limits: SandboxLimits
    /// To init; `nil` without a sandbox.
    let channel: InitChannel?
    /// To the agent's driver; `nil` where the command runs as it stands.
    var agent: AgentTalk?
    let startedAt: Double
    var lifecycle: AttemptLifecycle
    var publisher: OutputPublisher
    var heartbeatAt: Double
    /// The leader was reaped and its group killed: the number may be another's from now on.
    var hasExited = false
    var exit = ProgramExit()
    private var masks: [OutputChunk.Stream: SecretMask]
    private let mask: SecretMask
    private var openOutputs: Set<Int32>
    private var progressSeq: Int64 = 0

    init(
        order: AttemptOrder, token: UInt64, process: SpawnedProcess, prepared: PreparedAttempt, now: Double,
        leaseUntil: Double, settings: RunnerSettings
    ) {
        self.order = order
        self.token = token
        self.process = process
        holdings = prepared.holdings
        limits = prepared.limits
        mask = prepared.mask
        masks = [.stdout: mask.fresh, .stderr: mask.fresh]
        channel = prepared.control >= 0 ? InitChannel(prepared.control) : nil
        agent = prepared.agent
        startedAt = now
        lifecycle = AttemptLifecycle(
            now: now, timeoutSeconds: order.timeoutSeconds, leaseUntil: leaseUntil,
            graceSeconds: settings.killGraceSeconds)
        publisher = OutputPublisher(ref: order.ref, limit: settings.outputLimitBytes)
        heartbeatAt = now + Double(settings.heartbeatSeconds)
        openOutputs = Set([process.output, process.error, prepared.agent?.descriptor ?? -1].filter { $0 >= 0 })
    }

    var ref: AttemptRef { order.ref }

    /// When something is due.
    var deadline: Double {
        min(lifecycle.deadline ?? .infinity, publisher.flushAt ?? .infinity, heartbeatAt, agent?.newsAt ?? .infinity)
    }

    /// Takes what was printed; secrets end here.
    func take(_ bytes: ArraySlice<UInt8>, from descriptor: Int32) -> [OutputChunk] {
        let stream: OutputChunk.Stream = descriptor == process.output ? .stdout : .stderr
        let now = Uptime.now
        guard !mask.isEmpty, let shown = masks[stream]?.mask(bytes) else {
            return publisher.append(bytes, stream, now: now)
        }
        return publisher.append(shown, stream, now: now)
    }

    /// The rest, when nothing more can come.
    func finishOutput(now: Double) -> [OutputChunk] {
        var chunks: [OutputChunk] = []
        for stream in [OutputChunk.Stream.stdout, .stderr] where !mask.isEmpty {
            chunks += publisher.append(masks[stream]?.finish() ?? [], stream, now: now)
        }
        return chunks + publisher.finish(now: now)
    }

    /// A line of the runner's own, among what the program prints as errors.
    func note(_ text: String) -> [OutputChunk] {
        publisher.append(Array(mask.mask(text).utf8), .stderr, now: Uptime.now)
    }

    /// Whether a descriptor is still this attempt's: its number may be another's from the moment that it is closed.
    func isOpen(_ descriptor: Int32) -> Bool { openOutputs.contains(descriptor) }

    /// Notes that a pipe is at its end; whether it was the last one open.
    ///
    /// Closing alone does not end the events: a child of another thread that is about to become its program has a copy
    /// of the descriptor until then.
    func closed(_ descriptor: Int32, in poll: EventPoll) -> Bool {
        guard openOutputs.remove(descriptor) != nil else { return false }
        poll.remove(descriptor)
        close(descriptor)
        return openOutputs.isEmpty
    }

    /// Closes what is still open.
    func closeAll(in poll: EventPoll) {
        for descriptor in openOutputs {
            poll.remove(descriptor)
            close(descriptor)
        }
        if let channel { poll.remove(channel.descriptor) }
        openOutputs = []
        close(process.pidfd)
    }

    /// Takes what init has told. `false` when nothing more can come.
    func takeReports() -> Bool {
        guard let channel else { return false }
        while let report = channel.receive() { exit.take(report) }
        return !channel.isAtEnd
    }

    /// bubblewrap, or the program itself, has ended with what wait() gave.
    func leaderEnded(status: Int32) {
        guard channel != nil else { return exit.take(status: status) }
        _ = takeReports()
        exit.sandboxEnded()
    }

    var outputBreach: LimitBreach? {
        guard let megabytes = limits.outputMB, publisher.tail.total > Int64(megabytes) << 20 else { return nil }
        return .output(megabytes: megabytes)
    }

    /// What is known of its agent.
    var account: AgentAccount? { agent?.book.account(mask) }

    /// What the agent's driver tells. A plain command tells no progress: a guess that grows with time and never reaches
    /// the end.
    func progress(now: Double) -> TaskProgress {
        if let agent { return agent.book.progress }
        let share = 1 - exp(-(now - startedAt) / 600)
        return TaskProgress(percent: 10 + Int(80 * share), phase: "working")
    }

    func progressEvent(_ progress: TaskProgress, _ happened: AgentEvent? = nil) -> ProgressEvent {
        progressSeq += 1
        var event = ProgressEvent(
            ref: ref, seq: progressSeq, progress: progress, isEstimated: agent?.book.isEstimated ?? true, at: .now)
        event.agent = account
        event.step = agent?.book.step.map(mask.mask)
        event.agentEvent = happened.map { AgentEvent($0.kind, mask.mask($0.text), by: $0.by.map(mask.mask)) }
        return event
    }

    /// How the attempt ended and what it left behind.
    ///
    /// - Parameter sampledPeak: the most memory that the supervisor has seen, in bytes.
    func end(
        now: Double, sampledPeak: Int64?
    ) -> (outcome: AttemptOutcome, result: AttemptResult, failure: AttemptFailure?) {
        let outcome = lifecycle.outcome(exitCode: exit.code, signal: exit.signal)
        let breach = breach(outcome)
        var result = AttemptResult(
            output: publisher.tail.text, outputBytes: publisher.tail.total,
            error: (errorSentence ?? breach?.sentence ?? exitSentence).map(mask.mask), exitCode: exit.code,
            signal: exit.signal, duration: Int64((now - startedAt) * 1000))
        result.peakMemoryBytes = holdings.cgroup?.peakMemory ?? sampledPeak ?? exit.peakBytes
        result.cpuMilliseconds = (holdings.cgroup?.cpuMicroseconds ?? exit.cpuMicroseconds).map { $0 / 1000 }
        result.refusedConnections = holdings.network?.refusals.map(mask.mask) ?? []
        return (outcome, result, failure(outcome, breach))
    }

    /// What the failure of an agent calls for; `nil` where it is not the agent's, or nobody knows.
    private func failure(_ outcome: AttemptOutcome, _ breach: LimitBreach?) -> AttemptFailure? {
        if case .overspent = lifecycle.cause { return .budgetExceeded }
        guard let agent, outcome == .failed, lifecycle.cause == nil, breach == nil, exit.failure == nil else {
            return nil
        }
        return agent.book.failure(exitCode: exit.code)
    }

    /// What the runner did to it.
    private var errorSentence: String? {
        switch lifecycle.cause {
        case .timedOut: "time limit of \(order.timeoutSeconds) s exceeded"
        case .exceeded(let breach): breach.sentence
        case .overspent(let breach): breach
        case .stopped(.cancelled), .stopped(.superseded): "stopped on request"
        case .stopped(.interrupted): "the service went down"
        case .stopped(.parked): "it waits for a decision; its session is taken up then"
        case .stopped(.leaseLost): "the broker could not be reached for \(order.leaseSeconds) s"
        case nil: nil
        }
    }

    /// What the kernel did to it.
    private func breach(_ outcome: AttemptOutcome) -> LimitBreach? {
        guard outcome == .failed else { return nil }
        if holdings.cgroup?.hasRunOutOfMemory == true, let megabytes = limits.memoryMB {
            return .memory(megabytes: megabytes)
        }
        // Seen from a shell in between, the number of the signal is an exit code.
        switch exit.signal ?? exit.code.map({ $0 - 128 }) {
        case SIGXCPU: return limits.cpuSeconds.map { .cpu(seconds: $0) }
        case SIGXFSZ: return limits.fileSizeMB.map { .fileSize(megabytes: $0) }
        default: break
        }
        if holdings.cgroup?.hasRunOutOfProcesses == true, let processes = limits.processes {
            return .processes(processes)
        }
        return nil
    }

    private var exitSentence: String? {
        if let failure = exit.failure { return failure.sentence(lastWords: publisher.tail.text) }
        if let error = agent?.book.error, exit.code != 0 { return error }
        return exit.signal.map { "ended by signal \($0)" } ?? (exit.code == 0 ? nil : "exit code \(exit.code ?? -1)")
    }
}
