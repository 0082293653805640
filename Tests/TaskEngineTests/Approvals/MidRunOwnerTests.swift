import Gates
import TaskEngine
import TaskModel
import Testing

@Suite("Questions of attempts and changes of owner")
struct MidRunOwnerTests {
    @Test("a new owner elsewhere decides; the runner learns it from the snapshot")
    func elsewhere() throws {
        var driver = EngineDriver.running()
        try driver.ask()
        driver.takeOver(runner: "b", incarnation: "1")
        #expect(try driver.ask().isEmpty)
        let effects = driver.decide(.approve, "t")
        #expect(effects.answers.isEmpty)
        let state = try #require(effects.published.last?.state)
        #expect(state.answers == [.init(question: 1, answer: .granted(confirmationID: "t/1"))])
        #expect(try driver.acted(on: "t/1").published.last?.state.acts == ["t/1"])
        #expect(try driver.ask(2).published.last?.state.waitingSince == driver.now)
        let refused = driver.decide(.reject, "t", reason: "no")
        #expect(refused.answers.isEmpty && refused.stopped.isEmpty)
        #expect(refused.published.last?.state.answers.last == .init(question: 2, answer: .refused(reason: "no")))
        #expect(refused.published.last?.state.isCancelRequested == true)
    }

    @Test("a runner elsewhere keeps its lease by asking, and loses it by silence; the question stays")
    func lease() throws {
        var driver = EngineDriver.running()
        driver.takeOver(runner: "b", incarnation: "1")
        try driver.ask()
        for _ in 0..<20 {
            driver.wait(seconds: 30)
            try driver.ask()
        }
        #expect(try driver.state("t").isAttemptAlive)
        driver.wait(seconds: 41)
        #expect(try driver.state("t").isAttemptAlive && driver.engine.hasDueLeases(now: driver.now))
        driver.handle(.reportsRead(upTo: driver.now))
        #expect(try !driver.state("t").isAttemptAlive && driver.state("t").confirmation != nil)
        // And its time still runs out.
        #expect(driver.wait(seconds: 3600).status == .cancelled)
    }

    @Test("a lease that is due and not provable keeps no reminder and no expiry from happening")
    func dueLease() throws {
        var driver = EngineDriver.running()
        driver.takeOver(runner: "b", incarnation: "1")
        try driver.ask()
        let effects = driver.wait(seconds: 3600)
        #expect(effects.notifications.map(\.kind) == [.confirmationExpired])
        #expect(driver.wait(seconds: 1).isEmpty && driver.engine.hasDueLeases(now: driver.now))
        #expect(driver.handle(.reportsRead(upTo: driver.now)).status == .cancelled)
    }

    @Test(
        "an approval that comes before the report of an attempt's end is for the next attempt, and used once",
        arguments: [AttemptOutcome.lost, .interrupted])
    func endNotTakenIn(outcome: AttemptOutcome) throws {
        var driver = EngineDriver.running()
        try driver.ask()
        driver.takeOver(ended: [driver.here])
        let approved = driver.decide(.approve, "t")
        #expect(approved.answers.isEmpty && approved.status == .waitingConfirmation)
        #expect(try driver.state("t").confirmations.map { $0.use } == [nil])
        // What it asked before its end comes late, too.
        #expect(try driver.ask().isEmpty && driver.ask(2, act: "pay 6").isEmpty)
        try driver.finish("t", outcome)
        #expect(driver.slots(1).started == ["t"])
        #expect(try driver.ask().granted == ["t/1"])
        #expect(try driver.state("t").confirmations.map { $0.use?.by.attempt } == [2])
        #expect(try driver.ask(2).status == .waitingConfirmation)
    }

    @Test(
        "an attempt that has ended by itself takes its question with it, approved meanwhile or not",
        arguments: [true, false])
    func endedByItself(isApproved: Bool) throws {
        var driver = EngineDriver.running()
        try driver.ask()
        driver.takeOver(ended: [driver.here])
        if isApproved { driver.decide(.approve, "t") }
        try driver.finish("t", .completed)
        let state = try #require(driver.log["t"]?.state)
        #expect(state.status == .completed)
        #expect(state.confirmations.map(\.status) == [isApproved ? .approved : .withdrawn])
        #expect(state.confirmations.allSatisfy { $0.use == nil })
    }

    @Test("an answer that was lost with its owner is given again for the same use")
    func answerLost() throws {
        var driver = EngineDriver.running()
        try driver.ask()
        driver.decide(.approve, "t")
        let before = try driver.state("t").confirmations
        driver.takeOver(running: [driver.here])
        #expect(try driver.ask().granted == ["t/1"])
        #expect(try driver.state("t").confirmations == before)
    }

    @Test("under another number of the attempt, or with another act under its number, a used grant is none")
    func otherNumber() throws {
        var driver = EngineDriver.running()
        try driver.ask()
        driver.decide(.approve, "t")
        #expect(try driver.ask(1, act: "pay 6").answers.isEmpty)
        #expect(try driver.ask(2).status == .waitingConfirmation)
    }

    @Test("a no is told again by the owner that takes over")
    func refusalTold() throws {
        var driver = EngineDriver.running()
        try driver.ask()
        driver.decide(.reject, "t", reason: "no")
        let effects = driver.takeOver(running: [driver.here])
        #expect(effects.refused == ["no"] && effects.stopped == [driver.here])
        driver.takeOver(incarnation: "2")
        #expect(driver.log["t"]?.state.status == .cancelled)
    }

    @Test("where former owners are not fenced, a grant counts when its snapshot came back")
    func echo() throws {
        var driver = EngineDriver.running { $0.startsAfterEcho = true }
        try driver.echo("t")
        try driver.ask()
        #expect(driver.decide(.approve, "t").answers.isEmpty)
        #expect(try driver.ask().answers.isEmpty)
        #expect(try driver.echo("t").granted == ["t/1"])
        #expect(try driver.ask().granted == ["t/1"])
    }

    @Test("a task waits 30 days through a restart every day, and expires once, at its time")
    func thirtyDays() throws {
        var gate = GateDefinition.pay
        gate.decisionSeconds = 30 * 86_400
        var driver = EngineDriver.running(gate: gate)
        try driver.ask()
        try driver.finish("t", .interrupted)
        for day in 1..<30 {
            driver.pass(seconds: 86_400)
            #expect(driver.takeOver(incarnation: "\(day + 1)").isEmpty, "day \(day)")
            #expect(driver.handle(.tick).isEmpty && driver.slots(9).isEmpty)
        }
        #expect(driver.wait(seconds: 86_399).isEmpty)
        let effects = driver.wait(seconds: 1)
        #expect(effects.status == .cancelled && effects.notifications.map(\.kind) == [.confirmationExpired])
        #expect(driver.takeOver(incarnation: "99").isEmpty && driver.wait(seconds: 86_400).isEmpty)
    }
}
