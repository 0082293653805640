import TaskEngine
import TaskModel
import Testing

@Suite struct PriorityTests {
    @Test("an urgent task overtakes a backlog")
    func overtaking() {
        var driver = EngineDriver()
        for number in 0..<100 {
            driver.submit(request(TaskID("m\(number)")))
            driver.wait(seconds: 1)
        }
        driver.submit(request("u", priority: .urgent))
        #expect(driver.slots().started == ["u"])
        #expect(driver.slots().started == ["m0"])
    }

    @Test("tasks of one priority start in the order of their arrival, also within one millisecond")
    func arrival() {
        var driver = EngineDriver()
        let ids = (0..<20).compactMap { TaskID("t\($0)") }
        for id in ids { driver.submit(request(id)) }
        #expect(driver.slots(50).started == ids)
    }

    @Test("all four levels, best first")
    func levels() {
        var driver = EngineDriver()
        for priority in TaskPriority.allCases { driver.submit(request(TaskID(priority.rawValue), priority: priority)) }
        #expect(driver.slots(2).started == ["urgent", "high"])
        #expect(driver.slots(2).started == ["medium", "low"])
    }

    @Test("waiting an ageing period weighs as much as one level", arguments: TaskPriority.allCases)
    func ageing(priority: TaskPriority) {
        for (late, winner): (Int64, TaskID) in [(1, "low"), (0, "low"), (-1, "other")] {
            var driver = EngineDriver { $0.ageingSeconds = 100 }
            driver.submit(request("low", priority: .low))
            driver.wait(milliseconds: Int64(priority.level) * 100_000 + late)
            driver.submit(request("other", priority: priority))
            #expect(driver.slots().started == [winner])
        }
    }

    @Test("a low task starts at last, however many urgent ones keep coming")
    func starvation() {
        var driver = EngineDriver { $0.ageingSeconds = 60 }
        driver.submit(request("low", priority: .low))
        var urgentFirst = 0
        for number in 0..<1000 {
            driver.submit(request(TaskID("u\(number)"), priority: .urgent))
            if driver.slots().started == ["low"] { break }
            urgentFirst += 1
            driver.wait(seconds: 1)
        }
        // Three levels of a minute each.
        #expect(urgentFirst == 180)
    }

    @Test("no more tasks start than there are slots")
    func slots() {
        var driver = EngineDriver()
        for number in 0..<5 { driver.submit(request(TaskID("t\(number)"))) }
        #expect(driver.slots(0).isEmpty && driver.slots(-1).isEmpty)
        #expect(driver.slots(2).started.count == 2)
        #expect(driver.slots(9).started.count == 3)
        #expect(driver.slots(9).isEmpty)
    }

    @Test("the head rank tells which partition has the better task")
    func headRank() throws {
        var (left, right) = (EngineDriver(), EngineDriver())
        #expect(left.engine.headRank == nil)
        left.submit(request("a", priority: .high))
        right.submit(request("b", priority: .urgent))
        #expect(try #require(right.engine.headRank) < #require(left.engine.headRank))
        right.slots()
        #expect(right.engine.headRank == nil)
    }
}
