import TaskEngine
import TaskModel
import Testing

/// The table of docs/state_machine.md, over all situations and all verbs.
@Suite struct ActionTableTests {
    /// What each verb leads to, where it applies. Everything else is refused.
    private func expected(_ stage: Stage, _ verb: TaskVerb) -> TaskStatus? {
        switch (verb, stage) {
        case (.start, .scheduled), (.start, .backingOff): .pending
        case (.start, .failed), (.retry, .failed), (.retry, .cancelled): .pending
        case (.cancel, .scheduled), (.cancel, .ready), (.cancel, .backingOff), (.cancel, .asked), (.cancel, .approved):
            .cancelled
        // The attempt has not begun: there is nothing to stop first.
        case (.cancel, .starting): .cancelled
        case (.cancel, .running): .running
        case (.confirm, .asked): .waitingConfirmation
        default: nil
        }
    }

    @Test("a stage is what it says", arguments: Stage.allCases)
    func stages(stage: Stage) throws {
        #expect(try stage.driver().status("t") == stage.status)
    }

    @Test(
        "exactly the actions of the table apply; all others are dead-lettered and change nothing",
        arguments: Stage.allCases, TaskVerb.allCases)
    func table(stage: Stage, verb: TaskVerb) throws {
        var driver = try stage.driver()
        let before = try #require(driver.engine.snapshot(of: "t"))
        let effects = driver.act(verb, "t")
        if let status = expected(stage, verb) {
            #expect(effects.deadLetters.isEmpty)
            #expect(effects.published.map(\.state.status) == [status])
            #expect(effects.published.map(\.state.version) == [before.state.version + 1])
            #expect(try driver.state("t").appliedInputs.count == 1 + before.state.appliedInputs.count)
        } else {
            #expect(effects.reasons == [.actionRefused] && effects.all.count == 1)
            #expect(driver.engine.snapshot(of: "t") == before)
        }
    }

    @Test("an action that is read twice is applied once", arguments: Stage.allCases, TaskVerb.allCases)
    func repeated(stage: Stage, verb: TaskVerb) throws {
        guard expected(stage, verb) != nil else { return }
        var driver = try stage.driver()
        let record = record(offset: 1000)
        let message = InboundMessage.action(TaskAction(taskID: "t", verb: verb, actor: "bob"))
        driver.handle(.record(record, .success(message), .here))
        let after = try driver.state("t")
        let effects = driver.handle(.record(record, .success(message), .here))
        #expect(effects.notes == [.repeated("t")] && effects.all.count == 1)
        #expect(try driver.state("t") == after)
    }
}
