import TaskEngine
import TaskModel
import Testing

@Suite struct ZombieTests {
    @Test("a former owner's late record is written over with the current snapshot", arguments: Stage.allCases)
    func rewritten(stage: Stage) throws {
        var driver = try stage.driver()
        let before = try #require(driver.engine.snapshot(of: "t"))
        let effects = driver.handle(.zombie("t"))
        #expect(effects.published == [before] && effects.all.count == 1)
    }

    @Test("under the new owner's epoch, also when it has not touched the task yet")
    func epoch() throws {
        var driver = try Stage.asked.driver()
        let before = try #require(driver.log["t"])
        driver.takeOver()
        let written = try #require(driver.handle(.zombie("t")).published.first)
        #expect(written.order == RecordOrder(epoch: 2, version: before.state.version))
        #expect(written.order > before.order)
    }

    @Test("the rewriting does not keep an attempt from starting")
    func starting() throws {
        var driver = try Stage.starting.driver()
        driver.handle(.zombie("t"))
        #expect(try driver.echo("t").started == ["t"])
    }

    @Test("an unknown task's is none of the engine's business")
    func unknown() {
        var driver = EngineDriver()
        #expect(driver.handle(.zombie("t")).isEmpty)
    }
}
