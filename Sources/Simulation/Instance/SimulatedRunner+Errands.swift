internal import TaskModel

/// Gated things that an attempt does: it asks, waits, and does them once they are granted.
extension SimulatedRunner {
    struct Errand {
        enum Stage {
            /// On the way to the first of `questions`.
            case going
            /// Waits for the answer since then.
            case waiting(since: Int64)
            case granted(String)
        }

        var questions: [AttemptQuestion]
        var stage = Stage.going
        /// True time of the next question or act.
        var next: Int64
        /// How long it waits before it goes on without; `nil` for as long as it takes.
        let patience: Int64?

        /// What it waits for.
        var asked: AttemptQuestion? {
            if case .waiting = stage { questions.first } else { nil }
        }

        /// True time of what happens by itself next.
        var nextEvent: Int64 {
            guard !questions.isEmpty else { return .max }
            return if case .waiting(let since) = stage { patience.map { since + $0 } ?? .max } else { next }
        }
    }

    /// Something gated that is done now.
    struct Act {
        let order: AttemptOrder
        let question: AttemptQuestion
        let approval: String
    }

    /// - Returns: whether the attempt waited for it.
    mutating func answer(_ ref: AttemptRef, _ number: Int, _ answer: QuestionAnswer, at moment: Int64) -> Bool {
        guard let attempt = attempts[ref], !attempt.isStopping, attempt.errand?.asked?.number == number else {
            return false
        }
        change(ref) { attempt in
            switch answer {
            case .granted(let approval):
                attempt.errand?.stage = .granted(approval)
                attempt.errand?.next = moment
            // It learns that it may not, and ends in its own way unless it is stopped before.
            case .refused:
                attempt.errand = nil
                attempt.endsAt = moment
            }
        }
        return true
    }

    /// What happens by itself at `now`: questions that begin, and what is done.
    mutating func advanceErrands(to now: Int64) -> (acts: [Act], asking: [Attempt]) {
        var acts: [Act] = []
        var asking: [Attempt] = []
        for ref in refs {
            guard let attempt = attempts[ref], !attempt.isStopping, attempt.endsAt > now,
                let errand = attempt.errand, errand.nextEvent <= now, let question = errand.questions.first
            else { continue }
            switch errand.stage {
            case .going:
                change(ref) {
                    $0.errand?.stage = .waiting(since: now)
                    // While it waits it does not come to its end.
                    $0.remaining = $0.endsAt - now
                    $0.endsAt = .max
                }
                if let waiting = attempts[ref] { asking.append(waiting) }
            case .waiting:
                change(ref) {
                    $0.errand = nil
                    $0.endsAt = now + $0.remaining
                }
            case .granted(let approval):
                acts.append(Act(order: attempt.order, question: question, approval: approval))
                change(ref) {
                    $0.endsAt = now + $0.remaining
                    $0.errand?.questions.removeFirst()
                    $0.errand?.stage = .going
                    $0.errand?.next = now + $0.remaining / 2
                    if $0.errand?.questions.isEmpty == true { $0.errand = nil }
                }
            }
        }
        return (acts, asking)
    }
}
