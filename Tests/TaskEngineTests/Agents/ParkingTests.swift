import Gates
import TaskEngine
import TaskModel
import Testing

@Suite("Attempts that wait long are parked")
struct ParkingTests {
    /// An engine whose attempt was just told to stop, with its question open.
    private func parking(
        _ gate: GateDefinition = .pay, retries: Int = 0, change: (inout EngineConfiguration) -> Void = { _ in }
    ) throws -> EngineDriver {
        var driver = try EngineDriver.withSession(gate, key: "k", retries: retries, change: change)
        try driver.askToRun(["pay", "5"])
        #expect(driver.wait(seconds: 60).parked == [driver.here])
        return driver
    }

    /// The next attempt finds the grant, once.
    private func goesOn(_ driver: inout EngineDriver, attempt: Int = 2) throws {
        #expect(driver.engine.headRank != nil)
        let order = try #require(driver.slots(9).orders.first)
        #expect(order.ref.attempt == attempt && order.resumption?.session == .one)
        #expect(order.resumption?.note.contains("Meanwhile it was approved: pay 5") == true)
        #expect(try driver.askToRun(["pay", "5"]).granted == ["t/1"])
        #expect(try driver.state("t").status == .running)
        #expect(try driver.state("t").confirmations.last?.use?.by == .init(attempt: attempt, question: 1))
        #expect(try driver.askToRun(["pay", "5"], 2).status == .waitingConfirmation)
    }

    @Test("once, at its time, and the timer is set for it")
    func once() throws {
        var driver = try EngineDriver.withSession()
        try driver.ask()
        #expect(driver.engine.nextDeadline == driver.now.adding(seconds: 60))
        #expect(driver.wait(milliseconds: 59_999).isEmpty)
        #expect(driver.wait(milliseconds: 1).parked == [driver.here])
        for _ in 0..<5 {
            let asked = try driver.ask()
            #expect(asked.answers.isEmpty && asked.parked.isEmpty)
            #expect(driver.wait(seconds: 60).isEmpty)
        }
        #expect(try driver.state("t").status == .waitingConfirmation)
    }

    @Test("not without a session, a question or while it is cancelled; a session that comes late is enough")
    func conditions() throws {
        var driver = EngineDriver.running { $0.parkAfterSeconds = 60 }
        try driver.ask()
        #expect(driver.wait(seconds: 600).isEmpty)
        var cancelled = driver
        try driver.tell(session: .one)
        #expect(driver.wait().parked == [driver.here])
        cancelled.act(.cancel, "t")
        try cancelled.tell(session: .one)
        #expect(cancelled.wait(seconds: 600).parked.isEmpty)
        var silent = try EngineDriver.withSession()
        #expect(silent.wait(seconds: 600).isEmpty)
    }

    @Test("an approval before its time has the attempt go on as ever")
    func before() throws {
        var driver = try EngineDriver.withSession()
        try driver.ask()
        driver.pass(seconds: 59)
        #expect(driver.decide(.approve, "t").granted == ["t/1"])
        #expect(driver.wait(seconds: 600).parked.isEmpty)
        #expect(driver.status("t") == .running)
    }

    @Test(
        "an approval while it is being stopped is for the next attempt",
        arguments: [
            AttemptOutcome.interrupted, .lost,
        ])
    func between(outcome: AttemptOutcome) throws {
        var driver = try parking()
        let approved = driver.decide(.approve, "t")
        #expect(approved.answers.isEmpty && approved.status == .waitingConfirmation)
        #expect(try driver.askToRun(["pay", "5"]).isEmpty)
        #expect(driver.slots(9).started.isEmpty)
        try driver.finish("t", outcome)
        try goesOn(&driver)
    }

    @Test("an approval after its end has the next attempt start")
    func after() throws {
        var driver = try parking()
        driver.submit(request("other", key: "k"))
        try driver.finish("t", .interrupted)
        #expect(driver.slots(1).started == ["other"])
        try driver.finish("other")
        #expect(driver.slots(9).started.isEmpty && driver.engine.nextDeadline != nil)
        driver.decide(.approve, "t")
        try goesOn(&driver)
    }

    @Test("an attempt that ends by itself ends as ever, approved or not", arguments: [true, false], [0, 1])
    func endsByItself(isApproved: Bool, retries: Int) throws {
        for outcome in [AttemptOutcome.completed, .failed, .timedOut, .cancelled] {
            var driver = try parking(retries: retries)
            if isApproved { driver.decide(.approve, "t") }
            try driver.finish("t", outcome)
            let state = try #require(driver.log["t"]?.state)
            let goesOn = outcome != .completed && retries > 0
            #expect(state.status == (outcome == .completed ? .completed : goesOn ? .pending : .failed))
            #expect(state.confirmations.map(\.status) == [isApproved ? .approved : .withdrawn])
            #expect(state.confirmations.allSatisfy { $0.use == nil })
            driver.wait(seconds: 60)
            #expect(driver.slots(9).started == (goesOn ? ["t"] : []))
        }
    }

    @Test("a no while it is being stopped, and after its end, ends the task", arguments: [true, false])
    func rejected(isEnded: Bool) throws {
        var driver = try parking()
        if isEnded { try driver.finish("t", .interrupted) }
        let effects = driver.decide(.reject, "t", reason: "no")
        #expect(effects.stopped == (isEnded ? [] : [driver.here]))
        if !isEnded { try driver.finish("t", .interrupted) }
        #expect(driver.log["t"]?.state.status == .cancelled && driver.slots(9).started.isEmpty)
    }

    @Test("so does the end of its time", arguments: [true, false])
    func expired(isEnded: Bool) throws {
        var driver = try parking()
        if isEnded { try driver.finish("t", .interrupted) }
        let expiry = try #require(driver.state("t").confirmation?.expiresAt)
        #expect(driver.engine.nextDeadline == expiry)
        driver.wait(milliseconds: expiry.milliseconds(since: driver.now))
        if !isEnded { try driver.finish("t", .interrupted) }
        #expect(driver.log["t"]?.state.status == .cancelled && driver.slots(9).started.isEmpty)
    }

    @Test(
        "a cancellation ends it for good, also after an approval", arguments: [true, false],
        [
            AttemptOutcome.interrupted, .lost, .cancelled,
        ])
    func cancelled(isApproved: Bool, outcome: AttemptOutcome) throws {
        var driver = try parking()
        if isApproved { driver.decide(.approve, "t") }
        #expect(driver.act(.cancel, "t").stopped == [driver.here])
        try driver.finish("t", outcome)
        #expect(driver.log["t"]?.state.status == .cancelled && driver.slots(9).started.isEmpty)
    }

    @Test("a transient failure while it is being stopped leaves grant and session")
    func transient() throws {
        var driver = try parking()
        driver.decide(.approve, "t")
        try driver.fail(AttemptFailure(cause: .transient, code: "overloaded"))
        driver.wait(seconds: 1)
        try goesOn(&driver)
    }

    @Test("the next attempt may be parked as well")
    func again() throws {
        var driver = try parking()
        try driver.finish("t", .interrupted)
        driver.decide(.approve, "t")
        driver.slots()
        try driver.askToRun(["pay", "6"])
        #expect(driver.wait(seconds: 60).parked == [driver.here] && driver.here.attempt == 2)
    }

    @Test("a new owner on the same runner goes on with the attempt that is there", arguments: [true, false])
    func sameOwner(isApproved: Bool) throws {
        var driver = try parking()
        if isApproved { driver.decide(.approve, "t") }
        driver.takeOver(running: [driver.here])
        #expect(driver.wait().parked == (isApproved ? [] : [driver.here]))
        var asking = driver
        try driver.finish("t", .interrupted)
        if !isApproved { driver.decide(.approve, "t") }
        try goesOn(&driver)
        // The order to stop may have been lost with the owner: then the attempt is still there, and asks.
        guard isApproved else { return }
        #expect(try asking.askToRun(["pay", "5"]).granted == ["t/1"])
        #expect(asking.status("t") == .running)
        try asking.finish("t")
        #expect(asking.log["t"]?.state.status == .completed)
    }

    @Test("one whose process died is lost, and the grant stays", arguments: [true, false])
    func died(isApproved: Bool) throws {
        var driver = try parking()
        if isApproved { driver.decide(.approve, "t") }
        driver.takeOver(incarnation: "2")
        #expect(try !driver.state("t").isAttemptAlive)
        if !isApproved { driver.decide(.approve, "t") }
        try goesOn(&driver)
    }

    @Test("a new owner elsewhere parks nothing, and finds its end or its silence", arguments: [true, false])
    func elsewhere(isApproved: Bool) throws {
        var driver = try parking()
        if isApproved { driver.decide(.approve, "t") }
        driver.takeOver(runner: "b")
        #expect(driver.wait(seconds: 1).parked.isEmpty)
        var silent = driver
        try driver.finish("t", .interrupted)
        if !isApproved { driver.decide(.approve, "t") }
        try goesOn(&driver)
        silent.wait(seconds: 60)
        silent.handle(.reportsRead(upTo: silent.now))
        #expect(try !silent.state("t").isAttemptAlive)
        if !isApproved { silent.decide(.approve, "t") }
        try goesOn(&silent)
    }

    @Test("an approval elsewhere, of an attempt that its old owner stopped, is used and told of as doubtful")
    func decidedElsewhere() throws {
        var driver = try parking()
        driver.takeOver(runner: "b")
        driver.decide(.approve, "t")
        try driver.finish("t", .interrupted)
        let order = try #require(driver.slots().orders.first)
        #expect(order.resumption?.note.contains("not known whether it was done: pay 5") == true)
        #expect(try driver.askToRun(["pay", "5"]).status == .waitingConfirmation)
        #expect(try driver.state("t").confirmation?.warning != nil)
    }
}
