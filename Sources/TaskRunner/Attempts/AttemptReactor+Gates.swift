internal import TaskModel

/// What attempts ask, what is answered, and what was done for them.
extension AttemptReactor {
    func performGate(_ command: ProcessExecutor.Command, now: Double) {
        switch command {
        case .asked(let ref, let question):
            guard let attempt = attempt(ref), let gate = attempt.holdings.gate else { return }
            // Whoever asked may have gone again.
            guard gate.waiting.contains(question) else { return }
            attempt.lifecycle.hold(true, now: now)
            report(question, of: attempt)
        case .withdrawn(let ref):
            guard let attempt = attempt(ref), let gate = attempt.holdings.gate else { return }
            if gate.waiting.isEmpty { attempt.lifecycle.hold(false, now: now) }
        case .answer(let ref, let number, let answer):
            attempt(ref)?.holdings.gate?.answer(number, answer)
        case .acted(let order, let act):
            var report = self.report(of: order, .acted, attempt(order.ref)?.progress(now: now) ?? TaskProgress())
            report.act = act
            sink.report(report, of: order)
        case .noted(let ref, let text):
            guard let attempt = attempt(ref) else { return }
            for chunk in attempt.note(text) { sink.output(chunk, of: attempt.order) }
        default: break
        }
    }

    func report(_ question: AttemptQuestion, of attempt: RunningAttempt) {
        var report = self.report(of: attempt.order, .question, attempt.progress(now: Uptime.now))
        report.question = question
        report.agent = attempt.account
        sink.report(report, of: attempt.order)
    }
}
