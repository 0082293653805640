internal import Agents
internal import TaskModel

/// What the runner makes of the reports of an attempt's driver: the account that others are given, how far the attempt is,
/// and what is worth an event. The reports come out of a sandbox; none of them grows this beyond its bounds.
struct AgentBook: Sendable {
    let agent: String
    let proxy: String?
    /// Whether a later attempt can take up the session; one that cannot be is nobody's business.
    let keepsSession: Bool
    /// Without the texts being masked.
    private(set) var account = AgentAccount()
    /// Never falls, and is not done before the attempt has ended.
    private(set) var progress = TaskProgress(percent: 5, phase: "starting")
    /// What is done now, where the output of a plain command tells it.
    private(set) var step: String?
    /// Whether the percentage is a guess.
    private(set) var isEstimated = true
    /// The driver's last word.
    private(set) var result: AgentResult?
    /// Something that is told at once and not with the next heartbeat.
    private(set) var hasNews = false
    private var primary = UsageMeter()
    private var other = UsageMeter()
    private var retryDelay: Int64?
    /// Questions that were worth an event and wait for their answer.
    private var open: Set<AgentQuestion.ID> = []
    private var allowance: EventAllowance

    /// Questions that are open at a time; more are not followed.
    static let largestOpen = 64

    init(agent: String, proxy: String?, keepsSession: Bool = true, now: Double) {
        self.keepsSession = keepsSession
        self.agent = agent
        self.proxy = proxy
        allowance = EventAllowance(now: now)
    }

    /// Takes a report in.
    ///
    /// - Parameter now: monotonic seconds.
    /// - Returns: what is told to others at once, at a bounded rate.
    mutating func take(_ received: ReceivedReport, now: Double) -> AgentEvent? {
        guard let event = event(received), allowance.take(now: now) else { return nil }
        return AgentEvent(event.kind, event.text.prefix(scalars: AgentEvent.textLimit), by: event.by)
    }

    mutating func newsTold() { hasNews = false }

    private mutating func event(_ received: ReceivedReport) -> AgentEvent? {
        // Whatever else it says: there are but two agents.
        let isOther = proxy != nil && received.by == proxy
        switch received.report {
        case .session(let id): if !isOther, keepsSession { take(session: id) }
        case .progress(let report): if !isOther { take(report) }
        case .plan(let steps): if !isOther { take(steps) }
        case .usage(let usage):
            if isOther { other.take(usage) } else { primary.take(usage) }
            account.usage = primary.total + other.total
        case .retrying(let reason, let milliseconds):
            retryDelay = milliseconds ?? retryDelay
            let delay = milliseconds.map { " in \(max(1, $0 / 1000)) s" } ?? ""
            return AgentEvent(
                .retrying, "the model does not answer; the agent tries again\(delay): \(reason)", by: agent)
        case .question(let question): return asked(question)
        case .answer(let id, let answer, let by): return answered(id, answer, by)
        case .recovery(_, let state, let text): return recovery(state, text)
        case .result(let result): self.result = result
        }
        return nil
    }

    private mutating func take(session id: String) {
        // It becomes an argument of the next attempt's program.
        guard (1...AgentSession.limit).contains(id.utf8.count), id.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return }
        let session = AgentSession(agent: agent, id: id)
        if account.session != session { hasNews = true }
        account.session = session
    }

    private mutating func take(_ report: ProgressReport) {
        let phases = ProgressReport.Phase.allCases
        // That it is done is known when the attempt has ended.
        let phase = min(
            phases.firstIndex(of: report.phase) ?? 0, phases.firstIndex(of: .finalizing) ?? 0)
        let known = progress.phase.flatMap(ProgressReport.Phase.init).flatMap(phases.firstIndex) ?? 0
        if phase > known {
            progress.phase = phases[phase].rawValue
            hasNews = true
        }
        progress.percent = min(99, max(progress.percent, report.percent))
        isEstimated = report.isEstimated
        step = report.step
    }

    private mutating func take(_ steps: [PlanStep]) {
        let plan = steps.prefix(PlanStep.limit).map { $0.with(step: $0.step) }
        if account.plan != plan { hasNews = true }
        account.plan = plan
    }

    /// Most questions are answered by the rules at once; only what people or the proxy agent decide is an event.
    private mutating func asked(_ question: AgentQuestion) -> AgentEvent? {
        if case .answer(.accept) = QuestionPolicy.verdict(on: question.kind) { return nil }
        guard open.count < Self.largestOpen else { return nil }
        open.insert(question.id)
        return AgentEvent(.question, question.sentence, by: agent)
    }

    private mutating func answered(_ id: AgentQuestion.ID, _ answer: AgentAnswer?, _ by: String) -> AgentEvent? {
        if case .words = answer, by == proxy {
            account.answers = min(account.answers + 1, 1_000_000)
        }
        guard open.remove(id) != nil else { return nil }
        let text =
            switch answer {
            case nil: "the question was withdrawn"
            case .accept, .secret: "accepted"
            case .decline(let reason): "declined: \(reason)"
            case .words(let words):
                words.sorted { $0.key < $1.key }.flatMap(\.value).joined(separator: ", ")
            }
        return AgentEvent(.answer, text, by: by)
    }

    private mutating func recovery(_ state: AgentReport.RecoveryState, _ text: String) -> AgentEvent? {
        guard let proxy else { return nil }
        if state == .succeeded {
            account.recoveredBy = proxy
            hasNews = true
        }
        return AgentEvent(.recovery, "\(state.rawValue): \(text)", by: proxy)
    }
}

extension AgentBook {
    /// What a failed attempt calls for.
    ///
    /// - Parameter exitCode: the driver's.
    func failure(exitCode: Int32?) -> AttemptFailure {
        guard case .failed(let failure) = result else {
            // The driver's customs; it had no time to say more.
            return switch exitCode {
            case 75: AttemptFailure(cause: .transient, code: "other", retryAfterMilliseconds: retryDelay)
            case 77: AttemptFailure(cause: .final, code: "credentials")
            default: AttemptFailure(cause: .recovery, code: "other")
            }
        }
        return AttemptFailure(
            cause: failure.cause, code: failure.code.rawValue,
            retryAfterMilliseconds: failure.cause == .transient ? retryDelay : nil)
    }

    /// Why the attempt failed, in the agent's words; `nil` where it had none.
    var error: String? {
        switch result {
        case .failed(let failure): "\(agent): \(failure.message.isEmpty ? failure.code.rawValue : failure.message)"
        case .interrupted: "\(agent): its turn was interrupted"
        case .success, nil: nil
        }
    }

    /// The account without secrets.
    func account(_ mask: SecretMask) -> AgentAccount {
        guard !mask.isEmpty else { return account }
        var account = account
        account.plan = account.plan.map { $0.with(step: mask.mask($0.step)) }
        account.session = account.session.map {
            AgentSession(agent: $0.agent, id: mask.mask($0.id).prefix(scalars: AgentSession.limit))
        }
        return account
    }
}

extension PlanStep {
    /// The same with another text, cut to what a record keeps.
    fileprivate func with(step: String) -> PlanStep {
        PlanStep(step: step.prefix(scalars: Self.textLimit), status: status)
    }
}

extension AgentQuestion {
    /// For people.
    fileprivate var sentence: String {
        let text =
            switch kind {
            case .command(let command, _): "it wants to run: \(command)"
            case .fileChange(let paths): "it wants to change \(paths.joined(separator: ", "))"
            case .permission(let permission): "it wants more permissions: \(permission)"
            case .tool(let name, _): "it wants to use \(name)"
            case .credential(let prompt, _): "it asks for a credential: \(prompt)"
            case .words(let parts):
                parts.map { part in
                    let labels = part.options.map(\.label).joined(separator: " | ")
                    return labels.isEmpty ? part.question : "\(part.question) [\(labels)]"
                }.joined(separator: "\n")
            }
        return reason.map { "\(text) (\($0))" } ?? text
    }
}
