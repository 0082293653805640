import Gates
import TaskEngine
import TaskModel
import Testing

@Suite("What agents tell, and what their failures call for")
struct AgentTests {
    @Test("a new session is published at once, and told again changes nothing")
    func session() throws {
        var driver = EngineDriver.running()
        #expect(try driver.tell(session: .one).published.map(\.state.session) == [.one])
        #expect(try driver.tell(session: .one).isEmpty)
        let other = AgentSession(agent: "coder", id: "s-2")
        #expect(try driver.tell(session: other).published.map(\.state.session) == [other])
        #expect(try driver.tell().isEmpty)
        #expect(try driver.state("t").session == other)
    }

    @Test("usage, plan and progress wait for their interval and never fall")
    func usage() throws {
        var driver = EngineDriver.running()
        let plan = [PlanStep(step: "look", status: .inProgress)]
        let much = TokenUsage(input: 900, cached: 100, output: 90, costMicros: 7)
        #expect(try driver.tell(usage: much, plan: plan, percent: 40).isEmpty)
        driver.pass(milliseconds: 9999)
        #expect(try driver.tell(usage: much, plan: plan, percent: 40).isEmpty)
        driver.pass(milliseconds: 1)
        let state = try #require(try driver.tell(usage: much, plan: plan, percent: 40).published.last?.state)
        #expect(state.usage == much && state.plan == plan && state.progress.percent == 40)
        driver.pass(seconds: 10)
        #expect(try driver.tell(usage: TokenUsage(input: 900, output: 80), percent: 39).isEmpty)
        let mixed = TokenUsage(input: 1000, output: 1)
        #expect(
            try driver.tell(usage: mixed).published.last?.state.usage
                == TokenUsage(
                    input: 1000, cached: 100, output: 90, costMicros: 7))
        driver.pass(seconds: 10)
        let late = try #require(try driver.tell(usage: TokenUsage(input: 2000), percent: 3).published.last?.state)
        #expect(late.progress.percent == 40 && late.plan == plan)
    }

    @Test("reports of attempts that are over change nothing")
    func stale() throws {
        var driver = EngineDriver.running()
        let old = try #require(driver.log["t"])
        try driver.finish("t", .interrupted)
        driver.slots()
        driver.pass(seconds: 60)
        let before = try driver.state("t")
        let effects = try driver.tell(session: .one, usage: TokenUsage(input: 5), percent: 50, of: old)
        #expect(effects.published.isEmpty && effects.notes == [.staleReport(AttemptRef(taskID: "t", attempt: 1))])
        #expect(try driver.state("t") == before)
    }

    @Test("what nothing can mend fails at once, whatever retries are left")
    func final() throws {
        var driver = EngineDriver.running(retries: 3)
        let effects = try driver.fail(.budgetExceeded, usage: TokenUsage(input: 3))
        #expect(effects.status == .failed && effects.published.count == 1)
        let record = try #require(driver.log["t"]?.state.attempts.last)
        #expect(record.failure == "budget_exceeded" && record.usage == TokenUsage(input: 3))
    }

    @Test(
        "what time mends spends no retry, waits as long as it is told, at most an hour",
        arguments: [
            (nil, 1000), (500, 1000), (90_000, 90_000), (86_400_000, 3_600_000),
        ] as [(Int64?, Int64)])
    func transient(told: Int64?, delay: Int64) throws {
        var driver = try EngineDriver.withSession()
        try driver.fail(AttemptFailure(cause: .transient, code: "overloaded", retryAfterMilliseconds: told))
        let state = try driver.state("t")
        #expect(state.status == .pending && state.retriesUsed == 0 && state.transientFailures == 1)
        #expect(state.nextAttemptAt == driver.now.adding(milliseconds: delay))
        #expect(driver.engine.nextDeadline == state.nextAttemptAt && state.session == .one)
        driver.wait(milliseconds: delay - 1)
        #expect(driver.slots().started.isEmpty)
        driver.wait(milliseconds: 1)
        let order = try #require(driver.slots().orders.first)
        #expect(order.resumption?.session == .one && order.resumption?.note.contains("model") == true)
    }

    @Test("too many of them in a row are a failure like any other", arguments: [0, 1])
    func transientRow(retries: Int) throws {
        var driver = EngineDriver.running(retries: retries) { $0.maxTransientFailures = 2 }
        let failure = AttemptFailure(cause: .transient, code: "overloaded")
        for spent in 0...retries {
            for _ in 0..<2 {
                #expect(try driver.fail(failure).status == .pending)
                #expect(try driver.state("t").retriesUsed == spent)
                driver.wait(seconds: 60)
                #expect(driver.slots().started == ["t"])
            }
            try driver.fail(failure)
            guard spent < retries else { break }
            #expect(try driver.state("t").retriesUsed == spent + 1 && driver.state("t").transientFailures == 0)
            driver.wait(seconds: 60)
            #expect(driver.slots().started == ["t"])
        }
        #expect(driver.status("t") == .failed)
        #expect(try driver.state("t").attempts.allSatisfy { $0.failure == "overloaded" })
    }

    @Test(
        "any other failure spends a retry and ends the session",
        arguments: [
            nil, AttemptFailure(cause: .recovery, code: "context_full"),
        ])
    func other(failure: AttemptFailure?) throws {
        var driver = try EngineDriver.withSession(retries: 1)
        try driver.fail(failure, usage: TokenUsage(input: 10))
        let state = try driver.state("t")
        #expect(state.status == .pending && state.retriesUsed == 1 && state.session == nil)
        #expect(state.attempts.last?.failure == failure?.code)
        driver.wait(seconds: 60)
        let order = try #require(driver.slots().orders.first)
        #expect(order.resumption == nil && order.usedBefore == TokenUsage(input: 10))
        #expect(try driver.fail(failure).status == .failed)
    }

    @Test("a session outlives losses and interruptions, and no retry by hand")
    func kept() throws {
        var driver = try EngineDriver.withSession()
        driver.pass(seconds: 20)
        try driver.tell(usage: TokenUsage(input: 5, output: 1))
        try driver.finish("t", .interrupted)
        let first = try #require(driver.slots().orders.first)
        #expect(first.resumption?.session == .one && first.usedBefore == TokenUsage(input: 5, output: 1))
        #expect(first.resumption?.note.contains("shut down") == true)
        let second = try #require(
            {
                driver.takeOver(incarnation: "2")
                return driver.slots().orders.first
            }())
        #expect(second.resumption?.session == .one && second.resumption?.note.contains("went down") == true)
        try driver.fail(nil)
        #expect(driver.act(.retry, "t").status == .pending)
        #expect(try driver.state("t").session == nil)
        #expect(driver.slots().orders.first?.resumption == nil)
    }

    @Test("an act of which nothing is known is told; one that is known, or was only waited through, is not")
    func doubtful() throws {
        var driver = try EngineDriver.withSession()
        try driver.askToRun(["pay", "5"])
        driver.decide(.approve, "t")
        var known = driver
        try known.acted(on: "t/1")
        for outcome in [AttemptOutcome.lost, .interrupted] {
            var (doubtful, done) = (driver, known)
            try doubtful.finish("t", outcome)
            let note = try #require(doubtful.slots().orders.first?.resumption?.note)
            #expect(note.contains("not known whether it was done: pay 5") && !note.contains("Meanwhile"))
            #expect(!note.contains("waited for a decision"))
            try done.finish("t", outcome)
            #expect(done.slots().orders.first?.resumption?.note.contains("pay 5") == false)
        }
    }
}
