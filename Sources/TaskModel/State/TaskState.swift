/// The part of a snapshot that changes.
public struct TaskState: Hashable, Sendable {
    /// How many inputs a task remembers. One commit batch rarely holds more than two for the same task.
    public static let appliedInputsLimit = 8

    public var status: TaskStatus
    /// 1, 2, 3, … within the task.
    public var version: Int64
    /// The owner's; grows with every change of owner of the partition.
    public var epoch: Int64
    /// 0 until the first attempt starts.
    public var attempt: Int
    /// Failed attempts that were repeated (each spends one of `max_retries`).
    public var retriesUsed: Int
    /// Attempts that were lost since the last that came to an end of its own. An interruption is none: it neither counts
    /// nor makes the count start anew, or a task that kills its runner would be repeated for ever beside restarts.
    public var lostAttempts: Int
    /// Attempts that failed for a reason that time mends, since the last of another end. They spend no retries.
    public var transientFailures = 0
    public var attempts: [AttemptRecord]
    public var progress: TaskProgress
    public var result: AttemptResult
    /// The agent's session that the next attempt can take up.
    public var session: AgentSession?
    /// The plan of the latest attempt's agent.
    public var plan: [PlanStep] = []
    /// The agent that did in the latest attempt what the primary agent could not.
    public var recoveredBy: String?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
    public var startedAt: Timestamp?
    public var completedAt: Timestamp?
    /// The earliest moment of the next attempt, after a failure.
    public var nextAttemptAt: Timestamp?
    public var lease: Lease?
    /// The one that is waited for.
    public var confirmation: Confirmation?
    /// Those that ended: the audit trail.
    public var confirmations: [Confirmation]
    /// Decisions whose question has not been asked yet, in their order, at most `EarlyDecision.limit`.
    public var earlyDecisions: [EarlyDecision] = []
    /// Who ended or changed the task by an action, and why.
    public var reason: String?
    /// No attempt may start before a human has agreed.
    public var needsApproval: Bool
    /// The attempt was told to stop; the task ends when the attempt has.
    public var isCancelRequested: Bool
    /// Origins (`topic/partition/offset`) of the latest actions and decisions that changed this task, newest last, at
    /// most `appliedInputsLimit`: an input that is read twice is known again.
    public var appliedInputs: [String]
    /// W3C trace context continued from the request.
    public var traceparent: String?
    /// How attempts are separated from the machine where the task's owner runs.
    public var sandbox: SandboxMode?

    /// Tokens and cost of all attempts that the history holds, the current one included.
    public var usage: TokenUsage { attempts.reduce(TokenUsage()) { $0 + $1.usage } }

    /// Whether an attempt is under way: it runs, or waits for an answer.
    public var isAttemptAlive: Bool { lease != nil }

    /// The question whose rejection or expiry ends the task as soon as its attempt has ended.
    public var refusal: Confirmation? {
        guard status == .waitingConfirmation, isCancelRequested, let last = confirmations.last,
            last.status == .rejected || last.status == .expired
        else { return nil }
        return last
    }

    /// A task that was just accepted.
    public init(createdAt: Timestamp, epoch: Int64, traceparent: String? = nil) {
        status = .pending
        version = 1
        self.epoch = epoch
        attempt = 0
        retriesUsed = 0
        lostAttempts = 0
        attempts = []
        progress = TaskProgress()
        result = AttemptResult()
        self.createdAt = createdAt
        updatedAt = createdAt
        confirmations = []
        needsApproval = false
        isCancelRequested = false
        appliedInputs = []
        self.traceparent = traceparent
    }
}

/// How far an attempt is.
public struct TaskProgress: Hashable, Sendable {
    /// 0–100.
    public var percent: Int
    /// `starting`, `working`, `finalizing`, `done`.
    public var phase: String?

    public init(percent: Int = 0, phase: String? = nil) {
        self.percent = percent
        self.phase = phase
    }
}

/// What the latest attempt left behind.
public struct AttemptResult: Hashable, Sendable {
    /// The tail of the output, at most 16 KiB.
    public var output: String
    /// All that was printed, in bytes.
    public var outputBytes: Int64
    public var error: String?
    public var exitCode: Int32?
    /// The number of the signal that ended it.
    public var signal: Int32?
    /// Milliseconds from start to end.
    public var duration: Int64?
    /// The most memory in use at once, in bytes, where it was measured.
    public var peakMemoryBytes: Int64?
    /// Milliseconds of computing, of all processes together, where they were measured.
    public var cpuMilliseconds: Int64?
    /// Connections that the sandbox's proxy refused (`host:port: reason`), at most `refusalsLimit`.
    public var refusedConnections: [String] = []

    /// Refused connections that are remembered of one attempt.
    public static let refusalsLimit = 20

    public init(
        output: String = "", outputBytes: Int64 = 0, error: String? = nil, exitCode: Int32? = nil,
        signal: Int32? = nil, duration: Int64? = nil
    ) {
        self.output = output
        self.outputBytes = outputBytes
        self.error = error
        self.exitCode = exitCode
        self.signal = signal
        self.duration = duration
    }
}

/// Who runs the current attempt, and how long its silence is borne.
public struct Lease: Hashable, Sendable {
    /// The instance.
    public let runner: String
    /// A number that is new with every start of that instance.
    public let incarnation: String
    public let attempt: Int
    public let seconds: Int

    public init(runner: String, incarnation: String, attempt: Int, seconds: Int) {
        self.runner = runner
        self.incarnation = incarnation
        self.attempt = attempt
        self.seconds = seconds
    }
}

/// How an attempt ended.
public enum AttemptOutcome: String, Sendable, CaseIterable {
    case completed, failed, cancelled
    case timedOut = "timed_out"
    /// The runner fell silent, or came back as another incarnation.
    case lost
    /// The runner was shut down, or its lease ran out; repeated without being spent.
    case interrupted
}

/// One attempt in a task's history.
public struct AttemptRecord: Hashable, Sendable {
    public let attempt: Int
    public let runner: String
    public let startedAt: Timestamp
    public var finishedAt: Timestamp?
    public var outcome: AttemptOutcome?
    public var exitCode: Int32?
    public var signal: Int32?
    public var error: String?
    /// All that was printed, in bytes.
    public var outputBytes: Int64?
    /// The most memory in use at once, in bytes, where it was measured.
    public var peakMemoryBytes: Int64?
    /// Milliseconds of computing, where they were measured.
    public var cpuMilliseconds: Int64?
    /// Connections that the sandbox's proxy refused (`host:port: reason`).
    public var refusedConnections: [String] = []
    /// Tokens and cost, of the proxy agent too.
    public var usage = TokenUsage()
    /// Questions in words that the proxy agent answered.
    public var answers = 0
    /// Why it failed, in one word, where the runner knows (`AttemptFailure.code`).
    public var failure: String?
    public var recoveredBy: String?

    public init(attempt: Int, runner: String, startedAt: Timestamp) {
        self.attempt = attempt
        self.runner = runner
        self.startedAt = startedAt
    }
}
