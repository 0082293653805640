internal import TaskModel

/// The talk with a plain command on a terminal: its output is passed on as it comes, what it asks is put as a question, and
/// an answer is typed.
struct TerminalConversation: AgentConversation {
    /// The milliseconds of silence after which a prompt of a certain form is believed, and those for any other.
    static let silence: [Int64] = [500, 3000]
    /// Milliseconds between two reports of progress.
    static let interval: Int64 = 250

    private let rules: [ProgressRule]
    private let prompts: [PromptRule]
    private var core = AdapterCore()
    private var screen = TerminalText()
    private var mode = TerminalMode()
    /// When the output changed last, where that has not been looked at to the end.
    private var changedAt: Int64?
    /// How often it has been looked at since.
    private var looks = 0
    /// What was asked and has no answer yet.
    private var open: (id: AgentQuestion.ID, prompt: TerminalPrompt)?
    /// What lines told since the last report, and when that was.
    private var told = ToldProgress()
    private var reportedAt: Int64?

    init(progress rules: [ProgressRule], prompts: [PromptRule]) {
        self.rules = rules
        self.prompts = prompts
    }

    var isReady: Bool { true }

    var due: Int64? {
        guard !core.isFinished else { return nil }
        let silent = changedAt.map { $0 + Self.silence[looks] }
        let report = told.isEmpty ? nil : reportedAt.map { $0 + Self.interval }
        return [silent, report].compactMap(\.self).min()
    }

    mutating func start() -> [AgentAction] { core.take() }

    mutating func receive(_ bytes: [UInt8], at now: Int64) -> [AgentAction] {
        core.pass(bytes)
        core.enter(.working)
        for line in screen.receive(bytes) { take(line: line) }
        (changedAt, looks) = (now, 0)
        report(at: now)
        return core.take()
    }

    mutating func outputEnded() -> [AgentAction] {
        take(line: Array(screen.current.utf8))
        changedAt = nil
        core.tell(told)
        told = ToldProgress()
        return core.take()
    }

    mutating func look(at now: Int64, _ terminal: TerminalMode?) -> [AgentAction] {
        mode = terminal ?? mode
        report(at: now)
        if let changedAt, now >= changedAt + Self.silence[looks] {
            let prompt = prompt
            if prompt?.isCertain == true || prompt.flatMap(reply(to:)) != nil || looks == Self.silence.count - 1 {
                self.changedAt = nil
                settle(on: prompt)
            } else {
                looks += 1
            }
        }
        return core.take()
    }

    // MARK: Questions

    /// The name of a prompt's only part.
    private static let part = "terminal"

    private mutating func settle(on prompt: TerminalPrompt?) {
        if let open {
            if open.prompt == prompt { return }
            // It has gone on without an answer.
            self.open = nil
            core.withdraw(open.id)
        }
        guard let prompt else { return }
        let kind: AgentQuestion.Kind =
            switch (reply(to: prompt), prompt.kind) {
            case (.secret(let name), _): .credential(prompt.question, secret: name)
            case (.text(let text), _): .words([words(prompt, given: text)])
            case (nil, .credential): .credential(prompt.question, secret: nil)
            case (nil, _): .words([words(prompt)])
            }
        open = (core.ask(kind, method: Self.part), prompt)
    }

    /// What the screen ends with.
    private var prompt: TerminalPrompt? { PromptForms.prompt(screen, mode) ?? ruled() }

    private func reply(to prompt: TerminalPrompt) -> PromptRule.Reply? {
        prompts.first { $0.pattern.match(prompt.question.utf8) != nil }?.reply
    }

    /// A line of no known form, of which the operator says that it asks.
    private func ruled() -> TerminalPrompt? {
        let prompt = TerminalPrompt(kind: .text, question: screen.current.trimmed(), isCertain: true)
        return prompt.question.isEmpty || reply(to: prompt) == nil ? nil : prompt
    }

    private func words(_ prompt: TerminalPrompt, given: String? = nil) -> AgentQuestion.Words {
        var options: [AgentQuestion.Words.Option] = []
        if case .choice(let choices) = prompt.kind {
            options = choices.map { AgentQuestion.Words.Option(label: $0.label, description: "") }
        }
        return AgentQuestion.Words(
            id: Self.part, header: "", question: prompt.question, options: options, isClosed: !options.isEmpty,
            given: given)
    }

    mutating func answer(_ question: AgentQuestion.ID, _ answer: AgentAnswer) -> [AgentAction] {
        guard let asked = core.settle(question) else { return core.take() }
        let prompt = open?.prompt
        open = nil
        // Where there was output since, the prompt must still be there: nothing is typed into something else.
        guard let prompt, changedAt == nil || self.prompt == prompt else { return core.take() }
        switch (answer, asked.kind) {
        case (.secret(let value), .credential):
            guard let keys = TerminalPrompt.keys(forSecret: value) else {
                core.fail(.credentials, "The secret that it asks for (\(prompt.question)) cannot be typed as one line.")
                break
            }
            core.type(keys)
        case (.words(let answers), .words(let parts)):
            let text = answers[Self.part]?.first ?? ""
            let isGiven = parts.first?.given == text
            guard let keys = prompt.keys(for: text) ?? (isGiven ? Self.line(text) : nil) else {
                core.fail(.unanswered, "It asks on its terminal: \(prompt.question) The answer does not fit.")
                break
            }
            core.type(keys)
        case (.decline(let reason), .credential):
            core.fail(.credentials, "It asks for a credential on its terminal: \(prompt.question) \(reason)")
        case (.decline(let reason), _):
            core.fail(.unanswered, "It asks on its terminal: \(prompt.question) \(reason)")
        default: core.fail(.unanswered, "It asks on its terminal: \(prompt.question)")
        }
        return core.take()
    }

    /// What the operator gives as an answer, whatever the choices are thought to be.
    private static func line(_ text: String) -> [UInt8] { Array(text.utf8) + [TerminalPrompt.enter] }

    // MARK: Progress

    private mutating func take(line: [UInt8]) {
        let text = String(decoding: line.prefix(Self.lastLineLimit), as: UTF8.self).trimmed()
        if !text.isEmpty { core.lastText = text }
        for rule in rules { if let match = rule.pattern.match(line) { told.take(rule, match) } }
    }

    private static let lastLineLimit = 500

    private mutating func report(at now: Int64) {
        guard !told.isEmpty, reportedAt.map({ now >= $0 + Self.interval }) ?? true else { return }
        core.tell(told)
        told = ToldProgress()
        reportedAt = now
    }

    // MARK: The end

    mutating func interrupt() -> [AgentAction] {
        core.interrupt()
        _ = core.withdrawAll()
        open = nil
        return core.take() + [.closeInput]
    }

    /// 75, `EX_TEMPFAIL` of sysexits(3), is how a command says that another try may go well.
    private static let temporary: Int32 = 75

    mutating func ended(exitCode: Int32) -> [AgentAction] {
        switch exitCode {
        case _ where core.isInterrupted: core.finish(.interrupted)
        case 0: core.finish(.success(core.lastText))
        default:
            let words = core.lastText.isEmpty ? "" : ": \(core.lastText)"
            var failure = AgentFailure(.programEnded, "it ended with exit code \(exitCode)\(words)")
            if exitCode == Self.temporary { failure.cause = .transient }
            core.finish(.failed(failure))
        }
        return core.take()
    }
}
