import Gates
import TaskEngine
import TaskModel
import Testing

@Suite("Gates in the middle of an attempt")
struct MidRunTests {
    @Test("a question has the task wait, shows the act with rule and reason, and keeps the attempt")
    func asks() throws {
        var driver = EngineDriver.running()
        let effects = try driver.ask()
        let state = try driver.state("t")
        let confirmation = try #require(state.confirmation)
        #expect(effects.status == .waitingConfirmation && effects.answers.isEmpty && effects.stopped.isEmpty)
        #expect(confirmation.gate == "pay" && confirmation.asker == .init(attempt: 1, question: 1))
        #expect(confirmation.action == ["act": "pay 5", "rule": "money", "reason": "It pays."])
        #expect(
            confirmation.fingerprint
                == TaskModel.Confirmation.fingerprint(gate: "pay", action: confirmation.action))
        #expect(state.isAttemptAlive && state.attempts.last?.outcome == nil)
        let notification = try #require(effects.notifications.first)
        #expect(notification.kind == .confirmationRequired && notification.content.contains("pay (money: It pays.)"))
        #expect(driver.slots(9).started.isEmpty)
    }

    @Test("the same question once more changes nothing")
    func repeats() throws {
        var driver = EngineDriver.running()
        try driver.ask()
        for _ in 0..<5 { #expect(try driver.ask().isEmpty) }
        driver.decide(.approve, "t")
        driver.slots()
        let before = driver.log["t"]
        let again = try driver.ask()
        #expect(again.published.isEmpty && again.granted == ["t/1"] && driver.log["t"] == before)
    }

    @Test("an approval has the attempt go on, once, with its use in the same snapshot")
    func approved() throws {
        var driver = EngineDriver.running()
        try driver.ask()
        driver.pass(seconds: 5)
        let effects = driver.decide(.approve, "t")
        #expect(effects.published.map(\.state.status) == [.running])
        let use = try #require(effects.published.first?.state.confirmations.last?.use)
        #expect(use == .init(by: .init(attempt: 1, question: 1), at: driver.now))
        #expect(
            effects.answers == [
                GivenAnswer(ref: driver.here, question: 1, answer: .granted(confirmationID: "t/1"))
            ])
        #expect(driver.slots(9).started.isEmpty)
        // The next act of the kind asks again.
        #expect(try driver.ask(2).status == .waitingConfirmation)
        try driver.finish("t")
        #expect(driver.log["t"]?.state.status == .completed)
        let history = try #require(driver.log["t"]?.state.confirmations)
        #expect(history.map(\.status) == [.approved, .withdrawn])
        #expect(AuditChain.firstBreak(in: history, of: "t") == nil)
    }

    @Test("one approval of two is not enough, and the requester's is none")
    func several() throws {
        var gate = GateDefinition.pay
        gate.requiredApprovals = 2
        var driver = EngineDriver.running(gate: gate)
        try driver.ask()
        #expect(driver.decide(.approve, "t", by: "alice").reasons == [.decisionRefused])
        #expect(driver.decide(.approve, "t", by: "bob").answers.isEmpty)
        #expect(try driver.ask().answers.isEmpty)
        #expect(driver.decide(.approve, "t", by: "carol").granted == ["t/1"])
    }

    @Test(
        "a no is told, stops the attempt, and ends the task as the gate says once the attempt has ended",
        arguments: GateEnd.allCases, [AttemptOutcome.cancelled, .completed, .failed, .lost, .interrupted, .timedOut])
    func rejected(end: GateEnd, outcome: AttemptOutcome) throws {
        var gate = GateDefinition.pay
        gate.onReject = end
        var driver = EngineDriver.running(gate: gate, key: "k", retries: 3)
        driver.submit(request("other", key: "k"))
        try driver.ask()
        let effects = driver.decide(.reject, "t", reason: "too dear")
        #expect(effects.refused == ["too dear"] && effects.stopped == [driver.here])
        #expect(effects.status == .waitingConfirmation)
        // Until the attempt has ended, its key is not free, and nobody can have it go on.
        #expect(driver.slots(9).started.isEmpty)
        #expect(try driver.ask().refused == ["too dear"])
        #expect(try driver.ask(2).answers.isEmpty)
        for verb in TaskVerb.allCases { #expect(driver.act(verb, "t").reasons == [.actionRefused]) }
        #expect(driver.decide(.approve, "t", on: "t/1").reasons == [.decisionRefused])
        let ended = try driver.finish("t", outcome)
        #expect(ended.status == (end == .fail ? .failed : .cancelled) && ended.published.count == 1)
        let state = try #require(driver.log["t"]?.state)
        #expect(state.attempts.last?.outcome == outcome && state.reason == "too dear")
        #expect(state.result.error?.contains("too dear") == (end == .fail ? true : nil))
        #expect(driver.slots(9).started == ["other"])
    }

    @Test("time that runs out is a no, once, while the attempt lives")
    func expired() throws {
        var gate = GateDefinition.pay
        gate.onExpiry = .fail
        gate.reminderSeconds = 600
        var driver = EngineDriver.running(gate: gate)
        try driver.ask()
        #expect(driver.wait(seconds: 600).notifications.map(\.kind) == [.confirmationReminder])
        #expect(driver.wait(seconds: 2999).isEmpty)
        let effects = driver.wait(seconds: 1)
        #expect(effects.refused.count == 1 && effects.stopped == [driver.here])
        #expect(effects.notifications.map(\.kind) == [.confirmationExpired])
        #expect(driver.wait(seconds: 9999).isEmpty)
        #expect(try driver.finish("t", .cancelled).status == .failed)
    }

    @Test("a lost attempt leaves its question open; approved, the next one finds the grant")
    func lost() throws {
        var driver = EngineDriver.running()
        try driver.ask()
        let first = try #require(driver.log["t"])
        driver.takeOver(incarnation: "2")
        let state = try driver.state("t")
        #expect(state.status == .waitingConfirmation && state.confirmation?.id == "t/1" && !state.isAttemptAlive)
        #expect(state.attempts.last?.outcome == .lost && state.lostAttempts == 1)
        #expect(driver.slots(9).started.isEmpty)
        #expect(try driver.ask(of: first).notes == [.staleReport(AttemptRef(taskID: "t", attempt: 1))])
        #expect(driver.decide(.approve, "t").answers.isEmpty)
        #expect(driver.slots().started == ["t"])
        let grant = try driver.ask()
        #expect(grant.granted == ["t/1"] && grant.status == .running)
        #expect(try driver.state("t").confirmations.last?.use?.by == .init(attempt: 2, question: 1))
        // It was the only one.
        #expect(try driver.ask(2).status == .waitingConfirmation)
    }

    @Test("a grant fits its act, its gate and its task's life, and nothing else")
    func fits() throws {
        var driver = EngineDriver.running()
        try driver.ask()
        driver.takeOver(incarnation: "2")
        driver.decide(.approve, "t")
        driver.slots()
        var other = driver
        #expect(try other.ask(act: "pay 6").status == .waitingConfirmation)
        var revived = driver
        try revived.finish("t", .failed)
        revived.pass(seconds: 1)
        revived.act(.retry, "t")
        revived.slots()
        #expect(try revived.ask().status == .waitingConfirmation)
        #expect(try driver.ask().granted == ["t/1"])
    }

    @Test("what was done is recorded, also late, once, and by nobody else")
    func acts() throws {
        var driver = EngineDriver.running()
        try driver.ask()
        let first = try #require(driver.log["t"])
        #expect(try driver.acted(on: "t/1").published.isEmpty)
        driver.decide(.approve, "t")
        let heads = try driver.state("t").confirmations.map(\.hash)
        driver.takeOver(incarnation: "2")
        #expect(try driver.acted(on: "t/1", exitCode: 7, of: first).published.count == 1)
        let act = try #require(try driver.state("t").confirmations.last?.use?.act)
        #expect(act == .init(exitCode: 7, summary: "paid", at: driver.now))
        #expect(try driver.acted(on: "t/1", exitCode: 0, of: first).published.isEmpty)
        // The chain is about what was decided; it holds.
        #expect(try driver.state("t").confirmations.map(\.hash) == heads)
        driver.slots()
        #expect(try driver.acted(on: "t/1").published.isEmpty)
        #expect(try driver.ask().published.last?.state.confirmation?.warning == nil)
    }

    @Test("where nobody knows what became of an act, the next question says so")
    func unknownOutcome() throws {
        var driver = EngineDriver.running()
        try driver.ask()
        driver.decide(.approve, "t")
        driver.takeOver(incarnation: "2")
        driver.slots()
        let effects = try driver.ask()
        let confirmation = try #require(effects.published.last?.state.confirmation)
        #expect(confirmation.warning?.contains("(t/1) and used in attempt 1") == true)
        #expect(effects.notifications.first?.content.contains("not known") == true)
        // The warning is no part of what the approval is bound to.
        driver.takeOver(incarnation: "3")
        driver.decide(.approve, "t")
        driver.slots()
        #expect(try driver.ask().granted == [confirmation.id])
    }

    @Test("whoever asks again for an act that is being decided gets the answer")
    func askedTwice() throws {
        var driver = EngineDriver.running()
        try driver.ask(1)
        try driver.ask(2, act: "pay 6")
        try driver.ask(3)
        try driver.ask(1)
        let effects = driver.decide(.approve, "t")
        #expect(effects.answers.map(\.question) == [3])
        #expect(try driver.ask(2, act: "pay 6").status == .waitingConfirmation)
    }

    @Test("what is no gate of the task, or under another policy, is granted at once and noted")
    func ungated() throws {
        var driver = EngineDriver.running(gates: [])
        let effects = try driver.ask()
        #expect(effects.granted == [QuestionAnswer.ungated] && effects.published.isEmpty)
        #expect(effects.notes == [.gateHit("t", gate: "pay", rule: "money")])
        var auto = EngineDriver.running(policy: .auto)
        #expect(try auto.ask().granted == [QuestionAnswer.ungated])
    }

    @Test("a gate that is gone, and an act that is too large, are refused")
    func unanswerable() throws {
        var driver = EngineDriver.running()
        #expect(try driver.ask(act: String(repeating: "x", count: 70_000)).refused.count == 1)
        driver.takeOver(running: [driver.here], gates: .empty)
        let effects = try driver.ask()
        #expect(effects.refused == ["There is no gate pay any more."] && effects.published.isEmpty)
    }

    @Test("cancelling withdraws the question and stops the attempt")
    func cancelled() throws {
        var driver = EngineDriver.running()
        try driver.ask()
        let effects = driver.act(.cancel, "t")
        #expect(effects.stopped == [driver.here] && effects.answers.isEmpty)
        #expect(try driver.state("t").confirmations.last?.status == .withdrawn)
        #expect(try driver.ask().isEmpty)
        #expect(driver.wait(seconds: 9999).isEmpty)
        #expect(try driver.finish("t", .cancelled).status == .cancelled)
    }

    @Test("an attempt that ends by itself takes its question with it", arguments: [AttemptOutcome.completed, .failed])
    func endsWaiting(outcome: AttemptOutcome) throws {
        var driver = EngineDriver.running(retries: 1)
        try driver.ask()
        let effects = try driver.finish("t", outcome)
        #expect(effects.published.map(\.state.status) == [.running, outcome == .completed ? .completed : .pending])
        #expect(driver.log["t"]?.state.confirmations.map(\.status) == [.withdrawn])
        #expect(driver.decide(.approve, "t", on: "t/1").published.isEmpty)
    }

    @Test("attempts that are lost too often fail the task, also while it waits")
    func lostTooOften() throws {
        var driver = EngineDriver.running { $0.maxLostAttempts = 0 }
        try driver.ask()
        driver.takeOver(incarnation: "2")
        #expect(driver.log["t"]?.state.status == .failed)
        #expect(driver.log["t"]?.state.confirmations.map(\.status) == [.withdrawn])
    }

    @Test("shutting down interrupts the attempt and leaves the question, with the key free for others")
    func interrupted() throws {
        var driver = EngineDriver.running(key: "k")
        driver.submit(request("other", key: "k"))
        try driver.ask()
        #expect(driver.slots(9).started.isEmpty)
        try driver.finish("t", .interrupted)
        #expect(try driver.state("t").confirmation != nil && driver.state("t").lostAttempts == 0)
        #expect(driver.slots(9).started == ["other"])
        driver.decide(.approve, "t")
        #expect(driver.slots(9).started.isEmpty)
        try driver.finish("other")
        #expect(driver.slots(9).started == ["t"])
        #expect(try driver.ask().granted == ["t/1"])
    }
}
