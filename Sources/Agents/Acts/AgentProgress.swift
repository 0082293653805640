public import TaskModel

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// How far an agent is, by what can be seen of it: no program tells a percentage.
public struct ProgressReport: Hashable, Sendable {
    public enum Phase: String, Hashable, Sendable, CaseIterable {
        case starting
        case working
        case finalizing
        case done
    }

    public var phase: Phase
    /// 0 to 100. Never falls.
    public var percent: Int
    /// Whether `percent` is a guess from the number of tools used, for there is no plan.
    public var isEstimated: Bool
    /// Finished and all steps of the plan; 0 of 0 without one.
    public var finished: Int
    public var total: Int
    /// How many tools have ended.
    public var tools: Int
    /// What is being done, where the output of a plain command tells it.
    public var step: String?
}

/// Keeps the percentage: `starting` 5, `working` 10 to 90, `finalizing` 95, `done` 100. While a question is open nothing
/// moves, for the agent does not either.
public struct AgentProgress: Hashable, Sendable {
    private var phase = ProgressReport.Phase.starting
    private var highest = 5
    private var finished = 0
    private var total = 0
    private var tools = 0
    private var open = 0
    /// What the output of a plain command told, which is no guess.
    private var toldPercent: Int?
    private var step: String?

    public init() {}

    public var report: ProgressReport {
        ProgressReport(
            phase: phase, percent: highest, isEstimated: phase == .working && total == 0 && toldPercent == nil,
            finished: finished, total: total, tools: tools, step: step)
    }

    public mutating func enter(_ phase: ProgressReport.Phase) {
        let order = ProgressReport.Phase.allCases
        guard let old = order.firstIndex(of: self.phase), let new = order.firstIndex(of: phase), new > old else {
            return
        }
        self.phase = phase
        rise()
    }

    public mutating func plan(_ steps: [PlanStep]) {
        total = steps.count
        finished = steps.count { $0.status == .completed }
        rise()
    }

    public mutating func toolEnded() {
        tools += 1
        rise()
    }

    /// Takes what lines of output told. A percentage of the command's own stands as it is, below the end.
    mutating func tell(_ told: ToldProgress) {
        if let phase = told.phase { enter(phase) }
        if let counts = told.counts { (finished, total) = (counts.finished, counts.total) }
        if let percent = told.percent { toldPercent = max(toldPercent ?? 0, min(99, percent)) }
        step = told.step ?? step
        rise()
    }

    /// A question was asked: the percentage stays until as many answers are in.
    public mutating func hold() { open += 1 }

    public mutating func release() {
        open = max(0, open - 1)
        rise()
    }

    private mutating func rise() {
        guard open == 0 || phase == .done else { return }
        highest = max(highest, reached, toldPercent ?? 0)
    }

    private var reached: Int {
        switch phase {
        case .starting: 5
        case .working where total > 0: 10 + 80 * finished / total
        case .working: Int(10 + 80 * (1 - exp(-Double(tools) / 20)))
        case .finalizing: 95
        case .done: 100
        }
    }
}
