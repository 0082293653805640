import TaskEngine
import TaskModel
import Testing

@Suite struct ScheduleTests {
    @Test("a task does not start before its time, and does at its time")
    func scheduled() {
        var driver = EngineDriver()
        driver.submit(request("t", scheduledAt: driver.now.adding(seconds: 60)))
        #expect(driver.engine.nextDeadline == driver.now.adding(seconds: 60))
        driver.wait(milliseconds: 59_999)
        #expect(driver.slots().started.isEmpty)
        driver.wait(milliseconds: 1)
        #expect(driver.slots().started == ["t"])
    }

    @Test("a schedule in the past is due, and counts as waiting since then")
    func past() {
        var driver = EngineDriver()
        driver.submit(request("now"))
        driver.submit(request("past", scheduledAt: driver.now.adding(seconds: -60)))
        #expect(driver.slots(2).started == ["past", "now"])
    }

    @Test("a scheduled task takes its place by when it was due, not by when it came")
    func place() {
        var driver = EngineDriver()
        driver.submit(request("later", scheduledAt: driver.now.adding(seconds: 10)))
        driver.wait(seconds: 5)
        driver.submit(request("sooner"))
        driver.wait(seconds: 10)
        #expect(driver.slots(2).started == ["sooner", "later"])
    }

    @Test("an approval does not overtake the schedule")
    func approvedBeforeItsTime() {
        var driver = EngineDriver()
        driver.submit(request("t", scheduledAt: driver.now.adding(seconds: 60), policy: .manual))
        driver.decide(.approve, "t")
        #expect(driver.slots().started.isEmpty)
        driver.wait(seconds: 60)
        #expect(driver.slots().started == ["t"])
    }

    @Test("a start lets an approved task go before its schedule, but not before its approval")
    func startedBeforeItsTime() {
        var driver = EngineDriver()
        driver.submit(request("t", scheduledAt: driver.now.adding(seconds: 60), policy: .manual))
        #expect(driver.act(.start, "t").reasons == [.actionRefused])
        driver.decide(.approve, "t")
        #expect(driver.act(.start, "t").status == .waitingConfirmation)
        // It waits for nothing but a slot now: there is nothing to bring forward.
        #expect(driver.act(.start, "t").reasons == [.actionRefused])
        #expect(driver.slots().started == ["t"])
        // The timer of the schedule starts nothing a second time.
        driver.wait(seconds: 61)
        #expect(driver.slots().isEmpty)
    }

    @Test("a start before the schedule survives a change of owner")
    func startedBeforeItsTimeElsewhere() {
        var driver = EngineDriver()
        driver.submit(request("t", scheduledAt: driver.now.adding(seconds: 60), policy: .manual))
        driver.decide(.approve, "t")
        driver.act(.start, "t")
        driver.takeOver(runner: "b")
        #expect(driver.slots().started == ["t"])
    }

    @Test("a task that was cancelled before its time does not start at its time")
    func cancelled() {
        var driver = EngineDriver()
        driver.submit(request("t", scheduledAt: driver.now.adding(seconds: 60)))
        driver.act(.cancel, "t")
        driver.wait(seconds: 61)
        #expect(driver.slots().isEmpty)
    }

    @Test("a clock that goes back does not start a task early, nor lose it")
    func clock() {
        var driver = EngineDriver()
        driver.submit(request("t", scheduledAt: driver.now.adding(seconds: 60)))
        driver.wait(seconds: -3600)
        #expect(driver.slots().started.isEmpty)
        driver.wait(seconds: 3660)
        #expect(driver.slots().started == ["t"])
    }
}
