import TaskEngine
import TaskModel
import Testing

@Suite struct RestoreTests {
    private let ref = AttemptRef(taskID: "t", attempt: 1)

    @Test("a new owner has what the old one had, and nothing to do", arguments: Stage.allCases)
    func same(stage: Stage) throws {
        var driver = try stage.driver()
        let before = driver.active
        #expect(driver.takeOver(running: [ref]).published.isEmpty)
        #expect(driver.engine.snapshots == before)
    }

    @Test("once more is the same again", arguments: Stage.allCases)
    func idempotent(stage: Stage) throws {
        var driver = try stage.driver()
        driver.takeOver(running: [ref])
        let (snapshots, deadline, rank) = (driver.engine.snapshots, driver.engine.nextDeadline, driver.engine.headRank)
        driver.takeOver(running: [ref])
        #expect(driver.engine.snapshots == snapshots && driver.engine.nextDeadline == deadline)
        #expect(driver.engine.headRank?.virtualTime == rank?.virtualTime)
    }

    @Test("a new owner starts the same tasks in the same order")
    func order() throws {
        var driver = EngineDriver()
        for (number, priority) in [TaskPriority.low, .urgent, .medium, .high, .medium].enumerated() {
            driver.submit(request(TaskID("t\(number)"), priority: priority, key: number == 2 ? "k" : nil))
            driver.wait(seconds: 1)
        }
        var old = driver
        driver.takeOver()
        #expect(driver.slots(9).started == old.slots(9).started)
    }

    @Test("what the new owner writes carries its epoch and the next version")
    func epoch() throws {
        var driver = EngineDriver(epoch: 4)
        driver.submit(request("t"))
        driver.takeOver()
        #expect(driver.slots().published.map(\.order) == [RecordOrder(epoch: 5, version: 2)])
    }

    @Test("a back-off goes on where it was")
    func backOff() throws {
        var driver = try Stage.backingOff.driver()
        driver.takeOver()
        #expect(driver.slots().started.isEmpty)
        driver.wait(seconds: 1)
        #expect(driver.slots().started == ["t"])
    }

    @Test("an approved task does not ask again")
    func approved() throws {
        var driver = try Stage.approved.driver()
        driver.takeOver()
        #expect(driver.slots().started == ["t"])
    }

    @Test("a running task that nobody runs is lost")
    func withoutLease() throws {
        var driver = try Stage.running.driver()
        var snapshot = try #require(driver.log["t"])
        snapshot.state.lease = nil
        driver.assume(snapshot)
        driver.takeOver()
        #expect(driver.status("t") == .pending)
    }

    @Test("an action that the old owner applied is known to the new one")
    func appliedInputs() throws {
        var driver = try Stage.scheduled.driver()
        let record = driver.newRecord(.requests)
        let message = InboundMessage.action(TaskAction(taskID: "t", verb: .start))
        driver.handle(.record(record, .success(message), .here))
        driver.takeOver()
        #expect(driver.handle(.record(record, .success(message), .here)).notes == [.repeated("t")])
    }

    @Test("a task from the cache does not replace one that the engine holds")
    func admit() throws {
        let driver = try Stage.running.driver()
        var old = try #require(driver.log["t"])
        old.state.status = .failed
        var engine = driver.engine
        engine.admit(old, now: driver.now)
        #expect(engine.snapshot(of: "t") == driver.engine.snapshot(of: "t"))
    }
}
