import Gates
import TaskEngine
import TaskModel
import Testing

extension AgentSession {
    static let one = AgentSession(agent: "coder", id: "s-1")
}

extension Effects {
    /// The attempts that are stopped because they wait.
    var parked: [AttemptRef] {
        all.compactMap { effect -> AttemptRef? in
            guard case .stop(let ref, .parked) = effect else { return nil }
            return ref
        }
    }
}

extension EngineDriver {
    /// A running task whose agent has told its session; attempts that wait are parked after a minute.
    static func withSession(
        _ gate: GateDefinition = .pay, key: String? = nil, retries: Int = 0,
        change: (inout EngineConfiguration) -> Void = { _ in }
    ) throws -> EngineDriver {
        var driver = EngineDriver.running(gate: gate, key: key, retries: retries) {
            $0.parkAfterSeconds = 60
            change(&$0)
        }
        try driver.tell(session: .one)
        return driver
    }

    /// The running attempt's heartbeat tells of its agent.
    @discardableResult
    mutating func tell(
        session: AgentSession? = nil, usage: TokenUsage = TokenUsage(), plan: [PlanStep] = [], percent: Int = 0,
        of snapshot: TaskSnapshot? = nil
    ) throws -> Effects {
        let snapshot = try snapshot ?? #require(log["t"])
        var report = RunnerReport.about(
            snapshot, .heartbeat, progress: TaskProgress(percent: percent, phase: "starting"), at: now)
        var account = AgentAccount()
        account.session = session
        account.usage = usage
        account.plan = plan
        report.agent = account
        return handle(.report(report))
    }

    /// The running attempt ends, and its runner knows why.
    @discardableResult
    mutating func fail(_ failure: AttemptFailure?, usage: TokenUsage = TokenUsage()) throws -> Effects {
        var report = RunnerReport.about(try #require(log["t"]), outcome: .failed, at: now)
        report.failure = failure
        report.agent = AgentAccount()
        report.agent?.usage = usage
        return handle(.report(report))
    }

    /// The running attempt asks for a command.
    @discardableResult
    mutating func askToRun(_ words: [String], _ number: Int = 1) throws -> Effects {
        var report = RunnerReport.about(try #require(log["t"]), .question, at: now)
        report.question = AttemptQuestion(
            number: number, gate: "pay", rule: "money", reason: "It pays.",
            action: JSONObject([.init(name: "argv", value: .array(words.map(JSONValue.string)))]))
        return handle(.report(report))
    }
}
