internal import Agents
internal import TaskModel

/// The runner's end of the talk with an attempt's driver.
struct AgentTalk: Sendable {
    let descriptor: Int32
    let budget: AttemptBudget
    private(set) var book: AgentBook
    private var splitter = LineSplitter(limit: AgentTalk.longestLine)
    /// When news are told, if there are any (monotonic seconds).
    private var toldAt = -Double.infinity

    /// Bytes of a line; the longest that the driver writes is a plan.
    private static let longestLine = 1 << 20
    /// Bytes that are read in one turn. Little, for every report is looked at: a flood of them shall not hold others up.
    static let bytesPerTurn = 4096
    /// Seconds between two accounts that are told out of turn.
    private static let interval = 0.5

    init(descriptor: Int32, agent: AttemptAgent, budget: AttemptBudget, now: Double) {
        self.descriptor = descriptor
        self.budget = budget
        book = AgentBook(
            agent: agent.name, proxy: agent.proxy?.name, keepsSession: agent.resumesSessions, now: now)
    }

    /// Takes what came through the pipe.
    ///
    /// - Returns: events to tell, and why the attempt may not go on.
    mutating func take(_ bytes: ArraySlice<UInt8>, now: Double) -> (events: [AgentEvent], breach: String?) {
        let used = book.account.usage
        var events: [AgentEvent] = []
        for case .frame(let line) in splitter.receive(bytes) {
            guard let report = ReceivedReport(line: line), let event = book.take(report, now: now) else { continue }
            events.append(event)
        }
        let usage = book.account.usage
        return (events, usage == used ? nil : budget.breach(usage))
    }

    /// When the account is to be told out of turn; `nil`: it is not.
    var newsAt: Double? { book.hasNews ? toldAt + Self.interval : nil }

    mutating func newsTold(now: Double) {
        toldAt = now
        book.newsTold()
    }
}
