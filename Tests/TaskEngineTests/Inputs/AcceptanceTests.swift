import TaskEngine
import TaskModel
import Testing

@Suite struct AcceptanceTests {
    @Test("a request becomes a pending task, version 1, in the owner's epoch")
    func accepted() throws {
        var driver = EngineDriver(epoch: 7)
        let effects = driver.submit(request("t", by: "alice"))
        #expect(effects.notes == [.accepted("t")])
        let state = try #require(effects.published.first).state
        #expect(effects.published.count == 1)
        #expect((state.status, state.version, state.epoch, state.attempt) == (.pending, 1, 7, 0))
        #expect(state.createdAt == driver.now && state.attempts.isEmpty)
    }

    @Test("a second request with a known id changes nothing, whatever it says")
    func duplicate() throws {
        var driver = EngineDriver()
        driver.submit(request("t"))
        let before = try driver.state("t")
        let effects = driver.submit(request("t", priority: .urgent, key: "other"))
        #expect(effects.notes == [.duplicate("t")] && effects.all.count == 1)
        #expect(try driver.state("t") == before)
    }

    @Test("an id is known also when its task has ended and left the engine", arguments: [true, false])
    func endedDuplicate(comesBack: Bool) throws {
        var driver = EngineDriver()
        driver.submit(request("t"))
        driver.act(.cancel, "t")
        try driver.echo("t")
        #expect(!driver.engine.holds("t"))
        if comesBack { try driver.admit("t") }
        // Without the cache's answer it would be a new task: the shell has to ask.
        #expect(driver.submit(request("t")).notes == [comesBack ? .duplicate("t") : .accepted("t")])
    }

    @Test("an id that lives on another partition is a duplicate here")
    func duplicateElsewhere() {
        var driver = EngineDriver()
        #expect(driver.submit(request("t"), .elsewhere(2)).notes == [.duplicate("t")])
        #expect(driver.engine.taskCount == 0)
    }

    @Test("what cannot be read is dead-lettered as it came")
    func violation() throws {
        var driver = EngineDriver()
        let record = driver.newRecord(.requests)
        let violation = ContractViolation(.invalidJSON, "no")
        let effects = driver.handle(.record(record, .failure(violation), .here))
        let letter = try #require(effects.deadLetters.first)
        #expect(effects.all.count == 1 && letter.record == record && letter.violation == violation)
    }

    @Test("a well-formed trace context is continued, another is not")
    func traceparent() throws {
        let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        for (text, expected) in [(good, good), (good.uppercased(), nil), ("00-1-2-01", nil)] {
            var driver = EngineDriver()
            let record = record(offset: 0, headers: [EventHeader("traceparent", text)])
            driver.handle(.record(record, .success(.request(request("t"))), .here))
            #expect(try driver.state("t").traceparent == expected)
            #expect(driver.slots().orders.first?.traceparent == expected)
        }
    }
}
