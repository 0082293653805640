/// What a runner needs to know of the questions of its attempt, as the snapshot tells it.
extension TaskState {
    /// An answer to a question of the current attempt.
    public struct Answer: Hashable, Sendable {
        public let question: Int
        public let answer: QuestionAnswer

        public init(question: Int, answer: QuestionAnswer) {
            self.question = question
            self.answer = answer
        }
    }

    /// Every answer to the current attempt while it is alive. To give one again changes nothing.
    public var answers: [Answer] {
        guard isAttemptAlive, !confirmations.isEmpty else { return [] }
        var answers = confirmations.compactMap { entry -> Answer? in
            guard let use = entry.use, use.by.attempt == attempt else { return nil }
            return Answer(question: use.by.question, answer: .granted(confirmationID: entry.id))
        }
        if let refusal, let asker = refusal.asker, asker.attempt == attempt {
            let why = reason ?? refusal.status.rawValue
            answers.append(Answer(question: asker.question, answer: .refused(reason: why)))
        }
        return answers
    }

    /// Since when the attempt waits for an answer; `nil` when it does not.
    public var waitingSince: Timestamp? {
        isAttemptAlive ? confirmation?.requestedAt : nil
    }

    /// The confirmations of which it is known what was done.
    public var acts: [String] {
        confirmations.compactMap { $0.use?.act == nil ? nil : $0.id }
    }
}
