public import TaskModel

/// What several runs of agents come to together: an attempt's tokens are those of all its runs, and its percentage does not
/// fall when another run begins.
public struct RunAccounts: Hashable, Sendable {
    private var usages: [TokenUsage] = []
    private var highest = 0

    public init() {}

    /// Begins another run.
    ///
    /// - Returns: its number, for `usage`.
    public mutating func begin() -> Int {
        usages.append(TokenUsage())
        return usages.count - 1
    }

    /// Takes what a run has used so far; gives what all have.
    public mutating func usage(_ usage: TokenUsage, of run: Int) -> TokenUsage {
        if usages.indices.contains(run) { usages[run] = usage }
        return usages.reduce(TokenUsage(), +)
    }

    /// A report as it is told: never less than what was told before.
    public mutating func raised(_ report: ProgressReport) -> ProgressReport {
        highest = max(highest, report.percent)
        var report = report
        report.percent = highest
        return report
    }
}
