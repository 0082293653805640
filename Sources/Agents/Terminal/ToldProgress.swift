/// What lines of output tell about how far a command is.
struct ToldProgress: Hashable, Sendable {
    private(set) var phase: ProgressReport.Phase?
    private(set) var percent: Int?
    private(set) var counts: Counts?
    private(set) var step: String?

    struct Counts: Hashable, Sendable {
        let finished: Int
        let total: Int
    }

    var isEmpty: Bool { self == ToldProgress() }

    /// Takes a line that fits a rule. What the rule itself says goes before what the line does.
    mutating func take(_ rule: ProgressRule, _ match: LinePattern.Match) {
        phase = rule.phase ?? phase
        percent = rule.percent ?? match.percent ?? percent
        step = rule.step ?? match.step ?? step
        if let done = match.done, let total = match.total, total > 0 {
            counts = Counts(finished: min(done, total), total: total)
        }
    }
}
