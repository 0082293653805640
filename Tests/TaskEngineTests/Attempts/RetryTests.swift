import TaskEngine
import TaskModel
import Testing

@Suite struct RetryTests {
    @Test("a failed attempt is repeated max_retries times, each time later", arguments: [0, 1, 3, 10])
    func retries(count: Int) throws {
        var driver = EngineDriver()
        driver.submit(request("t", retries: count))
        for attempt in 1...(count + 1) {
            #expect(driver.slots().orders.map(\.ref.attempt) == [attempt])
            try driver.finish("t", .failed, AttemptResult(exitCode: 1))
            guard attempt <= count else { break }
            let delay = min(60_000, Int64(1000) << Int64(attempt - 1))
            #expect(try driver.state("t").nextAttemptAt == driver.now.adding(milliseconds: delay))
            driver.wait(milliseconds: delay - 1)
            #expect(driver.slots().started.isEmpty)
            driver.wait(milliseconds: 1)
        }
        #expect(driver.status("t") == .failed)
        #expect(try driver.state("t").attempts.count == count + 1)
    }

    @Test("a request that says nothing gets the configured number of retries")
    func configured() throws {
        var driver = EngineDriver { $0.defaultMaxRetries = 1 }
        driver.submit(request("default"))
        driver.submit(request("none", retries: 0))
        driver.slots(2)
        #expect(try driver.finish("default", .failed).status == .pending)
        #expect(try driver.finish("none", .failed).status == .failed)
    }

    @Test("people are told once, at the end")
    func notifications() throws {
        var driver = EngineDriver()
        driver.submit(request("t", retries: 1))
        driver.slots()
        #expect(try driver.finish("t", .failed).notifications.isEmpty)
        driver.wait(seconds: 5)
        driver.slots()
        #expect(try driver.finish("t", .failed).notifications.count == 1)
    }

    @Test("an interrupted attempt is repeated at once, however often, and spends nothing")
    func interrupted() throws {
        var driver = EngineDriver()
        driver.submit(request("t", retries: 0))
        for _ in 0..<60 {
            #expect(driver.slots().started == ["t"])
            #expect(try driver.finish("t", .interrupted).status == .pending)
        }
        let state = try driver.state("t")
        #expect(state.retriesUsed == 0 && state.lostAttempts == 0 && state.attempt == 60)
        // The history is bounded; the latest stay.
        #expect(state.attempts.count == 50 && state.attempts.last?.attempt == 60)
    }

    @Test("an interrupted attempt of a task that is being cancelled is not repeated")
    func interruptedWhileStopping() throws {
        var driver = try Stage.stopping.driver()
        #expect(try driver.finish("t", .interrupted).status == .cancelled)
    }

    @Test("a failure in between makes the count of lost attempts start anew")
    func lostCount() throws {
        var driver = EngineDriver { $0.maxLostAttempts = 1 }
        driver.submit(request("t", retries: 1))
        for outcome in [AttemptOutcome.lost, .failed, .lost] {
            driver.wait(seconds: 5)
            driver.slots()
            #expect(try driver.finish("t", outcome).status == .pending)
        }
        driver.slots()
        #expect(try driver.finish("t", .lost).status == .failed)
    }

    @Test("an interruption in between neither counts as a lost attempt nor makes their count start anew")
    func interruptedBetweenLosses() throws {
        var driver = EngineDriver { $0.maxLostAttempts = 2 }
        driver.submit(request("t"))
        for outcome in [AttemptOutcome.lost, .interrupted, .lost, .interrupted] {
            driver.slots()
            #expect(try driver.finish("t", outcome).status == .pending)
        }
        #expect(try driver.state("t").lostAttempts == 2)
        driver.slots()
        #expect(try driver.finish("t", .lost).status == .failed)
    }
}
