import TaskEngine
import TaskModel
import Testing

/// Leases are for runners elsewhere: an owner that runs an attempt itself sees it end.
@Suite struct LeaseTests {
    /// Runs on `a`; owned by `b`.
    private func foreign(maxLost: Int = 3) -> EngineDriver {
        var driver = EngineDriver { $0.maxLostAttempts = maxLost }
        driver.submit(request("t"))
        driver.slots()
        driver.takeOver(runner: "b")
        return driver
    }

    /// Time passes, and the reports topic has been read as far.
    @discardableResult
    private func settle(_ driver: inout EngineDriver, seconds: Int64 = 0, milliseconds: Int64 = 0) -> Effects {
        let first = driver.wait(seconds: seconds, milliseconds: milliseconds)
        return Effects(first.all + driver.handle(.reportsRead(upTo: driver.now)).all)
    }

    @Test("a rebalance alone restarts nothing")
    func rebalance() {
        var driver = foreign()
        let version = driver.log["t"]?.state.version
        #expect(driver.slots(9).isEmpty)
        #expect(driver.log["t"]?.state.version == version && driver.status("t") == .running)
    }

    @Test("the owner waits the lease and the margin")
    func margin() {
        var driver = foreign()
        #expect(settle(&driver, milliseconds: 39_999).isEmpty)
        let effects = settle(&driver, milliseconds: 1)
        #expect(effects.notes.contains(.lost(AttemptRef(taskID: "t", attempt: 1))))
        #expect(effects.status == .pending)
        #expect(driver.slots().orders.map(\.ref) == [AttemptRef(taskID: "t", attempt: 2)])
        #expect(driver.log["t"]?.state.lease?.runner == "b")
    }

    @Test("every heartbeat renews the lease, and needs no snapshot")
    func heartbeats() throws {
        var driver = foreign()
        for _ in 0..<20 {
            #expect(settle(&driver, seconds: 39).isEmpty)
            #expect(try driver.heartbeat("t").isEmpty)
        }
        #expect(settle(&driver, seconds: 39).isEmpty)
        #expect(settle(&driver, seconds: 1).status == .pending)
    }

    @Test("silence is proven only when all reports of that time have been read")
    func horizon() throws {
        var driver = foreign()
        #expect(driver.wait(seconds: 100).isEmpty)
        #expect(driver.engine.hasDueLeases(now: driver.now))
        #expect(driver.handle(.reportsRead(upTo: .start.adding(milliseconds: 39_999))).isEmpty)
        // A heartbeat that waited in the topic is found in time.
        try driver.heartbeat("t")
        #expect(!driver.engine.hasDueLeases(now: driver.now))
        #expect(driver.handle(.reportsRead(upTo: driver.now)).isEmpty)
        #expect(driver.status("t") == .running)
        #expect(settle(&driver, seconds: 40).status == .pending)
    }

    @Test("an end that is reported after all counts, and the lease is void")
    func reported() throws {
        var driver = foreign()
        #expect(try driver.finish("t").status == .completed)
        #expect(settle(&driver, seconds: 100).isEmpty)
    }

    @Test("a report of an attempt that was given up is stale")
    func late() throws {
        var driver = foreign()
        let old = try #require(driver.log["t"])
        settle(&driver, seconds: 40)
        #expect(
            driver.handle(.report(.about(old, at: driver.now))).notes
                == [.staleReport(AttemptRef(taskID: "t", attempt: 1))])
        #expect(driver.status("t") == .pending)
    }

    @Test("lost attempts spend no retry, and are repeated max_lost_attempts times", arguments: [0, 1, 3])
    func maxLost(limit: Int) throws {
        var driver = foreign(maxLost: limit)
        for round in 0...limit {
            let effects = settle(&driver, seconds: 40)
            guard round < limit else {
                #expect(effects.status == .failed && effects.notifications.map(\.kind) == [.taskFailed])
                break
            }
            #expect(effects.status == .pending && effects.published.last?.state.retriesUsed == 0)
            driver.slots()
            driver.takeOver(runner: "c\(round)")
        }
        #expect(try driver.state("t").attempts.map(\.outcome) == Array(repeating: .lost, count: limit + 1))
    }

    @Test("an attempt of this instance has no lease that could run out")
    func own() throws {
        var driver = try Stage.running.driver()
        #expect(settle(&driver, seconds: 100_000).isEmpty)
        #expect(driver.status("t") == .running)
    }

    @Test("one that the instance still runs goes on when it takes over")
    func ownTakeOver() throws {
        var driver = try Stage.running.driver()
        #expect(driver.takeOver(running: [AttemptRef(taskID: "t", attempt: 1)]).isEmpty)
        #expect(settle(&driver, seconds: 1000).isEmpty && driver.status("t") == .running)
    }

    @Test("one of an earlier life of this instance is lost at once")
    func otherIncarnation() throws {
        var driver = try Stage.running.driver()
        let ref = AttemptRef(taskID: "t", attempt: 1)
        #expect(driver.takeOver(incarnation: "2", running: [ref]).notes.contains(.lost(ref)))
        #expect(driver.status("t") == .pending && driver.slots().started == ["t"])
    }

    @Test("one that this life announced and never started is repeated at once, and was not lost")
    func neverStarted() throws {
        var driver = try Stage.running.driver()
        let effects = driver.takeOver(running: [])
        #expect(effects.notes == [.finished(AttemptRef(taskID: "t", attempt: 1), .interrupted)])
        #expect(try driver.state("t").lostAttempts == 0)
        #expect(driver.slots().started == ["t"])
    }

    @Test("a wish to cancel reaches the attempt that the instance still runs when it takes over")
    func stopAfterTakeOver() throws {
        var driver = try Stage.stopping.driver()
        let ref = AttemptRef(taskID: "t", attempt: 1)
        #expect(driver.takeOver(running: [ref]).stopped == [ref])
    }
}
