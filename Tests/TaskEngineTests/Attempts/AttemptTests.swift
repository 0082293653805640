import TaskEngine
import TaskModel
import Testing

@Suite struct AttemptTests {
    @Test("a start writes who runs the attempt, before it is ordered")
    func start() throws {
        var driver = EngineDriver()
        driver.submit(request("t", timeout: 77))
        let effects = driver.slots()
        let state = try #require(effects.published.first).state
        #expect(state.lease == Lease(runner: "a", incarnation: "1", attempt: 1, seconds: 30))
        #expect((state.status, state.attempt, state.startedAt) == (.running, 1, driver.now))
        let order = try #require(effects.orders.first)
        #expect(order.ref == AttemptRef(taskID: "t", attempt: 1) && order.timeoutSeconds == 77)
        #expect(order.leaseSeconds == 30 && order.partition == 0)
        guard case .publish = effects.all.first, case .start = effects.all.last else {
            Issue.record("the order does not follow its snapshot")
            return
        }
    }

    @Test("a request without a time-out gets the configured one")
    func defaultTimeout() {
        var driver = EngineDriver { $0.defaultTimeoutSeconds = 123 }
        driver.submit(request("t"))
        #expect(driver.slots().orders.map(\.timeoutSeconds) == [123])
    }

    @Test("a completed attempt ends the task, with what it left behind, and tells people")
    func completed() throws {
        var driver = try Stage.running.driver()
        driver.wait(milliseconds: 2500)
        let effects = try driver.finish("t", .completed, AttemptResult(output: "ok\n", outputBytes: 3, exitCode: 0))
        let state = try driver.state("t")
        #expect(state.status == .completed && state.lease == nil && state.completedAt == driver.now)
        #expect(state.result.output == "ok\n" && state.result.exitCode == 0 && state.result.duration == 2500)
        #expect(state.progress == TaskProgress(percent: 100, phase: "done"))
        #expect(state.attempts.map(\.outcome) == [.completed] && state.attempts.first?.finishedAt == driver.now)
        #expect(effects.notifications.map(\.id) == ["t/\(state.version)/task_completed"])
    }

    @Test("a failed attempt without retries fails the task, and tells people why")
    func failed() throws {
        var driver = try Stage.running.driver()
        let effects = try driver.finish("t", .failed, AttemptResult(error: "exit 1", exitCode: 1))
        #expect(effects.status == .failed)
        #expect(effects.notifications.map(\.kind) == [.taskFailed])
        #expect(effects.notifications.first?.content.contains("exit 1") == true)
    }

    @Test("a timed-out attempt is a failed one by another name")
    func timedOut() throws {
        var driver = EngineDriver()
        driver.submit(request("t", retries: 1))
        driver.slots()
        #expect(try driver.finish("t", .timedOut).status == .pending)
        driver.wait(seconds: 5)
        driver.slots()
        #expect(try driver.finish("t", .timedOut).status == .failed)
        #expect(try driver.state("t").attempts.map(\.outcome) == [.timedOut, .timedOut])
    }

    @Test("progress is written when it moved, but not too often, and never backwards")
    func progress() throws {
        var driver = EngineDriver { $0.progressIntervalMilliseconds = 10_000 }
        driver.submit(request("t"))
        driver.slots()
        driver.wait(seconds: 9)
        #expect(try driver.heartbeat("t", 10, "working").isEmpty)
        driver.wait(seconds: 1)
        #expect(try driver.heartbeat("t", 20, "working").published.map(\.state.progress.percent) == [20])
        driver.wait(seconds: 20)
        #expect(try driver.heartbeat("t", 20, "working").isEmpty)
        #expect(try driver.heartbeat("t", 5, "finalizing").published.map(\.state.progress.percent) == [20])
    }

    @Test("a report counts only for the attempt, runner and incarnation that the lease names")
    func staleReports() throws {
        var driver = try Stage.running.driver()
        let before = try driver.state("t")
        for (attempt, runner, incarnation) in [(2, "a", "1"), (1, "b", "1"), (1, "a", "2")] {
            let report = RunnerReport(
                ref: AttemptRef(taskID: "t", attempt: attempt), runner: runner, incarnation: incarnation,
                kind: .finished, progress: TaskProgress(), outcome: .completed, at: driver.now)
            #expect(driver.handle(.report(report)).notes == [.staleReport(report.ref)])
        }
        #expect(try driver.state("t") == before)
    }

    @Test("a report that is read twice counts once", arguments: AttemptOutcome.allCases)
    func reportTwice(outcome: AttemptOutcome) throws {
        var driver = EngineDriver()
        driver.submit(request("t", retries: 3))
        driver.slots()
        let report = RunnerReport.about(try #require(driver.log["t"]), outcome: outcome, at: driver.now)
        let record = driver.newRecord(.reports)
        driver.handle(.report(report))
        let after = try driver.state("t")
        #expect(
            driver.handle(.record(record, .success(.report(report)), .here)).notes == [.staleReport(report.ref)])
        #expect(try driver.state("t") == after)
    }

    @Test("a report is stale at every stage without an attempt", arguments: Stage.allCases)
    func reportAtStage(stage: Stage) throws {
        guard stage.status != .running else { return }
        var driver = try stage.driver()
        let report = RunnerReport(
            ref: AttemptRef(taskID: "t", attempt: 1), runner: "a", incarnation: "1", kind: .finished,
            progress: TaskProgress(), outcome: .completed, at: driver.now)
        #expect(driver.handle(.report(report)).notes == [.staleReport(report.ref)])
        #expect(driver.status("t") == stage.status)
    }
}
