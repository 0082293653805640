/// What a runner says of an attempt: in memory while the partition's owner is in the same process, on the reports topic
/// otherwise.
public struct RunnerReport: Hashable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case heartbeat, finished
        /// The attempt waits for an answer.
        case question
        /// An approved act was done, or could not be.
        case acted
    }

    public let ref: AttemptRef
    public let runner: String
    public let incarnation: String
    public let kind: Kind
    public let progress: TaskProgress
    /// Set when finished.
    public let outcome: AttemptOutcome?
    public let result: AttemptResult
    /// Set with a question.
    public var question: AttemptQuestion?
    /// Set when something was done.
    public var act: AttemptAct?
    /// What is known of its agent, where it has one.
    public var agent: AgentAccount?
    /// What a failure calls for, where that is known.
    public var failure: AttemptFailure?
    /// Whether it ended because no sandbox could be made for it.
    public var lacksSandbox = false
    public let at: Timestamp

    public init(
        ref: AttemptRef, runner: String, incarnation: String, kind: Kind, progress: TaskProgress,
        outcome: AttemptOutcome? = nil, result: AttemptResult = AttemptResult(), at: Timestamp
    ) {
        self.ref = ref
        self.runner = runner
        self.incarnation = incarnation
        self.kind = kind
        self.progress = progress
        self.outcome = outcome
        self.result = result
        self.at = at
    }

    /// The record's value.
    public var json: [UInt8] {
        var writer = JSONWriter(capacity: 256 + result.output.utf8.count)
        writer.object {
            $0.name("task_id")
            $0.string(ref.taskID.text)
            $0.name("attempt")
            $0.integer(ref.attempt)
            $0.name("runner")
            $0.string(runner)
            $0.name("incarnation")
            $0.string(incarnation)
            $0.name("kind")
            $0.string(kind.rawValue)
            $0.name("progress")
            $0.integer(progress.percent)
            $0.optional("phase", progress.phase)
            $0.optional("outcome", outcome?.rawValue)
            $0.name("output")
            $0.string(result.output)
            $0.name("output_bytes")
            $0.integer(result.outputBytes)
            $0.optional("error", result.error)
            $0.optional("exit_code", result.exitCode)
            $0.optional("signal", result.signal)
            $0.optional("duration", milliseconds: result.duration)
            $0.optional("peak_memory_bytes", result.peakMemoryBytes)
            $0.optional("cpu_seconds", milliseconds: result.cpuMilliseconds)
            $0.optional("refused_connections", result.refusedConnections)
            if let question {
                $0.name("question")
                $0.value(question.json)
            }
            if let act {
                $0.name("act")
                $0.value(act.json)
            }
            if let agent {
                $0.name("agent")
                $0.value(agent.json)
            }
            if let failure {
                $0.name("failure")
                $0.value(failure.json)
            }
            if lacksSandbox {
                $0.name("sandbox_unavailable")
                $0.bool(true)
            }
            $0.optional("at", at)
        }
        return writer.bytes
    }

    /// Reads and validates a report.
    public init(_ object: JSONObject) throws(ContractViolation) {
        var fields = FieldReader(object)
        guard let taskID = try fields.taskID("task_id") else { throw fields.missing("task_id") }
        guard let attempt = try fields.integer("attempt", 1...Int64(Int32.max)) else { throw fields.missing("attempt") }
        guard let runner = try fields.string("runner") else { throw fields.missing("runner") }
        guard let incarnation = try fields.string("incarnation") else { throw fields.missing("incarnation") }
        guard let kind = try fields.choice("kind", Kind.self) else { throw fields.missing("kind") }
        let outcome = try fields.choice("outcome", AttemptOutcome.self)
        if kind == .finished, outcome == nil { throw fields.missing("outcome") }
        let question = try fields.object("question").map { object throws(ContractViolation) in
            try AttemptQuestion(object)
        }
        if kind == .question, question == nil { throw fields.missing("question") }
        let act = try fields.object("act").map { object throws(ContractViolation) in try AttemptAct(object) }
        if kind == .acted, act == nil { throw fields.missing("act") }
        guard let at = try fields.time("at") else { throw fields.missing("at") }
        var result = AttemptResult(
            output: try fields.string("output") ?? "",
            outputBytes: try fields.integer("output_bytes", 0...Int64.max) ?? 0,
            error: try fields.string("error"),
            exitCode: try fields.integer("exit_code", Int64(Int32.min)...Int64(Int32.max)).map(Int32.init),
            signal: try fields.integer("signal", 0...1000).map(Int32.init),
            duration: fields.takeSeconds("duration"))
        result.peakMemoryBytes = try fields.integer("peak_memory_bytes", 0...Int64.max)
        result.cpuMilliseconds = fields.takeSeconds("cpu_seconds")
        result.refusedConnections = fields.takeTexts("refused_connections")
        self.init(
            ref: AttemptRef(taskID: taskID, attempt: Int(attempt)), runner: runner, incarnation: incarnation,
            kind: kind,
            progress: TaskProgress(
                percent: Int(try fields.integer("progress", 0...100) ?? 0), phase: try fields.string("phase")),
            outcome: outcome, result: result,
            at: at)
        self.question = question
        self.act = act
        agent = try fields.object("agent").map { object throws(ContractViolation) in try AgentAccount(object) }
        failure = try fields.object("failure").map { object throws(ContractViolation) in try AttemptFailure(object) }
        lacksSandbox = fields.take("sandbox_unavailable")?.boolValue ?? false
    }
}
