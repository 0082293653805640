internal import TaskModel

/// The questions of one attempt: which wait, for whom, and what an answer does. A value without a thread.
struct GateDesk: Sendable {
    /// What an answer does.
    enum Effect: Equatable, Sendable {
        /// Nothing waits for it.
        case none
        /// The asker goes on.
        case wakes
        /// Whoever asked has gone meanwhile: an approval is not used.
        case unused(confirmationID: String?)
    }

    /// Questions that may wait at a time, and that one attempt may ask in all: each is a human's time.
    static let largestOpen = 16
    static let largestTotal = 1000

    private struct Entry {
        let question: AttemptQuestion
        var hasAsker: Bool
    }

    private var entries: [Int: Entry] = [:]
    private var lastNumber = 0
    private var isClosed = false

    /// Puts a question; `nil` where no more are taken. What was asked before and waits without its asker (a program
    /// that lost patience and tries again) is not asked anew.
    mutating func ask(
        gate: String, rule: String, reason: String, action: JSONObject
    ) -> AttemptQuestion? {
        guard !isClosed else { return nil }
        let same = entries.values.filter {
            !$0.hasAsker && $0.question.gate == gate && $0.question.action == action
        }
        if let known = same.map(\.question).min(by: { $0.number < $1.number }) {
            entries[known.number]?.hasAsker = true
            return known
        }
        guard entries.count < Self.largestOpen, lastNumber < Self.largestTotal else { return nil }
        lastNumber += 1
        let question = AttemptQuestion(number: lastNumber, gate: gate, rule: rule, reason: reason, action: action)
        entries[lastNumber] = Entry(question: question, hasAsker: true)
        return question
    }

    /// The asker has gone without an answer.
    mutating func leave(_ number: Int) { entries[number]?.hasAsker = false }

    mutating func answer(_ number: Int, _ answer: QuestionAnswer) -> Effect {
        guard let entry = entries.removeValue(forKey: number) else { return .none }
        if entry.hasAsker { return .wakes }
        if case .granted(let id) = answer { return .unused(confirmationID: id) }
        return .unused(confirmationID: nil)
    }

    /// Nothing is asked or answered any more.
    mutating func close() {
        isClosed = true
        entries = [:]
    }

    /// Those that somebody waits for, in their order.
    var waiting: [AttemptQuestion] {
        entries.values.filter(\.hasAsker).map(\.question).sorted { $0.number < $1.number }
    }
}
