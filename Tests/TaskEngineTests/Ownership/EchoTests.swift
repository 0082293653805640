import TaskEngine
import TaskModel
import Testing

@Suite struct EchoTests {
    private let ref = AttemptRef(taskID: "t", attempt: 1)

    @Test("where the broker refuses nobody, an attempt starts when its snapshot has come back")
    func start() throws {
        var driver = EngineDriver { $0.startsAfterEcho = true }
        driver.submit(request("t"))
        let effects = driver.slots()
        #expect(effects.status == .running && effects.orders.isEmpty)
        #expect(try driver.echo("t").orders.map(\.ref) == [ref])
        #expect(try driver.echo("t").isEmpty)
    }

    @Test("an older or a foreign snapshot starts nothing")
    func otherOrder() throws {
        var driver = try Stage.starting.driver()
        let order = try #require(driver.log["t"]).order
        #expect(driver.handle(.echo("t", RecordOrder(epoch: order.epoch, version: order.version - 1))).isEmpty)
        #expect(driver.handle(.echo("t", RecordOrder(epoch: order.epoch + 1, version: order.version))).isEmpty)
        #expect(driver.handle(.echo("nobody", order)).isEmpty)
        #expect(try driver.echo("t").orders.map(\.ref) == [ref])
    }

    @Test("an attempt that was cancelled before its echo never starts, and its history says so")
    func cancelled() throws {
        var driver = try Stage.starting.driver()
        let running = try #require(driver.log["t"]).order
        #expect(driver.act(.cancel, "t").status == .cancelled)
        #expect(driver.handle(.echo("t", running)).isEmpty)
        let attempt = try #require(try driver.state("t").attempts.last)
        #expect(attempt.outcome == .cancelled && attempt.finishedAt == driver.now)
        #expect(try driver.echo("t").isEmpty)
    }

    @Test(
        "a task that has ended leaves when its last snapshot has come back",
        arguments: [
            Stage.completed, .failed, .cancelled,
        ])
    func leaves(stage: Stage) throws {
        var driver = try stage.driver()
        #expect(driver.engine.holds("t"))
        try driver.echo("t")
        #expect(!driver.engine.holds("t") && driver.engine.taskCount == 0)
    }

    @Test("a task that was revived before the echo of its end stays")
    func revived() throws {
        var driver = try Stage.failed.driver()
        let end = try #require(driver.log["t"]).order
        driver.act(.retry, "t")
        driver.handle(.echo("t", end))
        #expect(driver.slots().started == ["t"])
    }

    @Test("an active task stays", arguments: [Stage.scheduled, .ready, .asked, .approved, .running, .stopping])
    func stays(stage: Stage) throws {
        var driver = try stage.driver()
        #expect(try driver.echo("t").isEmpty && driver.engine.holds("t"))
    }
}
