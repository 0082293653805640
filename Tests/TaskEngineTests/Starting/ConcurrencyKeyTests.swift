import TaskEngine
import TaskModel
import Testing

@Suite struct ConcurrencyKeyTests {
    private func waiting(_ ids: TaskID...) -> EngineDriver {
        var driver = EngineDriver()
        for id in ids { driver.submit(request(id, key: "k")) }
        return driver
    }

    @Test("tasks with one key run one at a time; others do not wait for them")
    func oneAtATime() throws {
        var driver = waiting("a", "b", "c")
        driver.submit(request("other", key: "l"))
        driver.submit(request("none"))
        #expect(driver.slots(9).started == ["a", "other", "none"])
        #expect(driver.slots(9).started.isEmpty)
        try driver.finish("a")
        #expect(driver.slots(9).started == ["b"])
        try driver.finish("b")
        #expect(driver.slots(9).started == ["c"])
    }

    @Test("the best of those that wait gets the key")
    func priority() throws {
        var driver = waiting("a", "b")
        driver.slots(9)
        driver.submit(request("urgent", priority: .urgent, key: "k"))
        try driver.finish("a")
        #expect(driver.slots(9).started == ["urgent"])
    }

    @Test("a waiter that was cancelled does not keep the key from the next", arguments: [false, true], [false, true])
    func cancelledWaiter(hasLeft: Bool, wasLetGo: Bool) throws {
        var driver = waiting("a", "b", "c")
        driver.slots(9)
        if wasLetGo { try driver.finish("a") }
        driver.act(.cancel, "b")
        if hasLeft { try driver.echo("b") }
        if !wasLetGo { try driver.finish("a") }
        #expect(driver.slots(9).started == ["c"])
    }

    @Test("a whole row of cancelled waiters does not keep it either", arguments: [false, true])
    func cancelledRow(haveLeft: Bool) throws {
        var driver = waiting("a", "b", "c", "d", "e")
        driver.slots(9)
        for id: TaskID in ["b", "c", "d"] {
            driver.act(.cancel, id)
            if haveLeft { try driver.echo(id) }
        }
        try driver.finish("a")
        #expect(driver.slots(1).started == ["e"])
    }

    @Test("a task that was cancelled and retried waits once, not twice")
    func retriedWaiter() throws {
        var driver = waiting("a", "b")
        driver.slots(9)
        driver.act(.cancel, "b")
        driver.act(.retry, "b")
        driver.slots(9)
        try driver.finish("a")
        #expect(driver.slots(9).started == ["b"])
        try driver.finish("b")
        #expect(driver.slots(9).isEmpty)
    }

    @Test("a failed attempt gives the key back while the task waits for its repetition")
    func backOff() throws {
        var driver = EngineDriver()
        driver.submit(request("a", retries: 1, key: "k"))
        driver.submit(request("b", key: "k"))
        driver.slots(9)
        try driver.finish("a", .failed)
        #expect(driver.slots(9).started == ["b"])
        driver.wait(seconds: 5)
        #expect(driver.slots(9).started.isEmpty)
        try driver.finish("b")
        #expect(driver.slots(9).started == ["a"])
    }

    @Test("a task that waits for a human does not hold the key")
    func approval() {
        var driver = EngineDriver()
        driver.submit(request("asks", policy: .manual, key: "k"))
        driver.submit(request("b", key: "k"))
        #expect(driver.slots(9).started == ["b"])
    }

    @Test("cancel keeps the key until the attempt has ended")
    func stopping() throws {
        var driver = waiting("a", "b")
        driver.slots(9)
        driver.act(.cancel, "a")
        #expect(driver.slots(9).started.isEmpty)
        try driver.finish("a", .cancelled)
        #expect(driver.slots(9).started == ["b"])
    }

    @Test("a new owner knows who holds the key")
    func takeOver() throws {
        var driver = waiting("a", "b")
        driver.slots(9)
        driver.takeOver(runner: "b")
        #expect(driver.slots(9).started.isEmpty)
        try driver.finish("a")
        #expect(driver.slots(9).started == ["b"])
    }
}
