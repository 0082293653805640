import TaskEngine
import TaskModel
import Testing

@Suite struct ActionTests {
    @Test("start lets a scheduled task go at once")
    func startScheduled() throws {
        var driver = try Stage.scheduled.driver()
        #expect(driver.slots().started.isEmpty)
        driver.act(.start, "t")
        #expect(driver.slots().started == ["t"])
    }

    @Test(
        "start and retry of a failed task clear what the attempts left, but not their history",
        arguments: [
            TaskVerb.start, .retry,
        ])
    func revive(verb: TaskVerb) throws {
        var driver = try Stage.failed.driver()
        driver.act(verb, "t")
        let state = try driver.state("t")
        #expect(state.result == AttemptResult() && state.progress == TaskProgress())
        #expect(state.startedAt == nil && state.completedAt == nil && state.retriesUsed == 0)
        #expect(state.attempts.map(\.outcome) == [.failed])
        #expect(driver.slots().orders.map(\.ref) == [AttemptRef(taskID: "t", attempt: 2)])
    }

    @Test("a retried task has all its retries again")
    func retriesAgain() throws {
        var driver = EngineDriver()
        driver.submit(request("t", retries: 1))
        for _ in 0..<2 {
            driver.wait(seconds: 60)
            driver.slots()
            try driver.finish("t", .failed)
        }
        #expect(driver.status("t") == .failed)
        driver.act(.retry, "t")
        driver.slots()
        try driver.finish("t", .failed)
        #expect(driver.status("t") == .pending)
    }

    @Test("retry of a task that was cancelled while it ran does not cancel the next attempt")
    func retryAfterStop() throws {
        var driver = try Stage.stopping.driver()
        try driver.finish("t", .cancelled)
        #expect(driver.status("t") == .cancelled)
        driver.act(.retry, "t")
        driver.slots()
        #expect(try driver.finish("t").status == .completed)
    }

    @Test("retry brings back a task that has left the engine, from the cache")
    func retryAdmitted() throws {
        var driver = try Stage.failed.driver()
        try driver.echo("t")
        try driver.admit("t")
        let effects = driver.act(.retry, "t")
        #expect(effects.published.map(\.order) == [RecordOrder(epoch: 1, version: 4)])
        #expect(driver.slots().started == ["t"])
    }

    @Test("cancel stops a running attempt, and the task ends when the attempt has")
    func cancelRunning() throws {
        var driver = try Stage.running.driver()
        let effects = driver.act(.cancel, "t")
        #expect(effects.stopped == [AttemptRef(taskID: "t", attempt: 1)])
        #expect(try driver.state("t").isCancelRequested)
        let end = try driver.finish("t", .failed, AttemptResult(exitCode: 143))
        #expect(end.status == .cancelled && end.notifications.isEmpty)
        #expect(try driver.state("t").reason == "because")
    }

    @Test("an attempt that completes before it could be stopped has completed")
    func cancelTooLate() throws {
        var driver = try Stage.stopping.driver()
        #expect(try driver.finish("t", .completed).status == .completed)
    }

    @Test("cancel of an attempt that runs elsewhere only writes the wish")
    func cancelElsewhere() throws {
        var driver = try Stage.running.driver()
        driver.takeOver(runner: "b")
        let effects = driver.act(.cancel, "t")
        #expect(effects.stopped.isEmpty && effects.published.map(\.state.isCancelRequested) == [true])
    }

    @Test("cancel of a lost attempt ends the task when the loss is noticed")
    func cancelLost() throws {
        var driver = try Stage.stopping.driver()
        driver.takeOver(incarnation: "2")
        #expect(driver.status("t") == .cancelled)
    }

    @Test("a confirm needs an actor")
    func confirmWithoutActor() throws {
        var driver = try Stage.asked.driver()
        #expect(driver.act(.confirm, "t", actor: nil).reasons == [.actionRefused])
        #expect(driver.status("t") == .waitingConfirmation)
    }

    @Test("the requester cannot confirm")
    func confirmByRequester() throws {
        var driver = try Stage.asked.driver()
        #expect(driver.act(.confirm, "t", actor: "alice").reasons == [.decisionRefused])
        #expect(driver.slots().started.isEmpty)
    }

    @Test("an action remembers only so many inputs")
    func appliedInputs() throws {
        var driver = EngineDriver()
        driver.submit(request("t"))
        for _ in 0..<10 {
            driver.act(.cancel, "t")
            driver.act(.retry, "t")
        }
        #expect(try driver.state("t").appliedInputs.count == TaskState.appliedInputsLimit)
    }
}
