import TaskEngine
import TaskModel
import Testing

/// The policy `manual`, from the question to the start.
@Suite struct ApprovalTests {
    private func asked(_ change: (inout EngineConfiguration) -> Void = { _ in }) -> EngineDriver {
        var driver = EngineDriver(change: change)
        driver.submit(request("t", by: "alice", policy: .manual))
        return driver
    }

    @Test("a manual task asks before it starts, and people are told what")
    func asks() throws {
        var driver = EngineDriver()
        let effects = driver.submit(request("t", by: "alice", policy: .manual))
        #expect(effects.published.map(\.state.status) == [.pending, .waitingConfirmation])
        let state = try driver.state("t")
        let confirmation = try #require(state.confirmation)
        #expect((confirmation.gate, confirmation.status, confirmation.requiredApprovals) == ("manual", .pending, 1))
        #expect(confirmation.requestedAt == driver.now && confirmation.expiresAt == driver.now.adding(seconds: 3600))
        #expect(
            confirmation.fingerprint
                == TaskModel.Confirmation.fingerprint(gate: confirmation.gate, action: confirmation.action))
        let notification = try #require(effects.notifications.first)
        #expect(notification.confirmation == confirmation)
        #expect(notification.id == "t/\(state.version)/confirmation_required")
        #expect(driver.slots(9).isEmpty)
    }

    @Test("the other policies do not ask before the start", arguments: [nil, ApprovalPolicy.auto, .autoWithGates])
    func doesNotAsk(policy: ApprovalPolicy?) {
        var driver = EngineDriver()
        driver.submit(request("t", policy: policy))
        #expect(driver.slots().started == ["t"])
    }

    @Test("an approval lets it start, by a decision or by a confirm", arguments: [true, false])
    func approved(byDecision: Bool) throws {
        var driver = asked()
        let effects = byDecision ? driver.decide(.approve, "t") : driver.act(.confirm, "t")
        #expect(effects.status == .waitingConfirmation)
        let state = try driver.state("t")
        #expect(state.confirmation == nil && !state.needsApproval)
        #expect(state.confirmations.map(\.status) == [.approved])
        #expect(state.confirmations.first?.decisions.map(\.actor) == ["bob"])
        #expect(driver.slots().started == ["t"])
    }

    @Test("a rejection ends it with the reason", arguments: ["too dear", nil])
    func rejected(reason: String?) throws {
        var driver = asked()
        #expect(driver.decide(.reject, "t", reason: reason).status == .cancelled)
        let state = try driver.state("t")
        #expect(state.reason == reason ?? "rejected by bob")
        #expect(state.confirmations.map(\.status) == [.rejected] && state.confirmation == nil)
        #expect(driver.slots().isEmpty)
    }

    @Test("expiry rejects, never the other way")
    func expired() throws {
        var driver = asked()
        #expect(driver.wait(milliseconds: 3_599_999).isEmpty)
        #expect(driver.wait(milliseconds: 1).status == .cancelled)
        #expect(try driver.state("t").confirmations.map(\.status) == [.expired])
        #expect(driver.slots().isEmpty)
    }

    @Test("an approval that comes when time is up, but before the tick, is too late")
    func lateBeforeTick() throws {
        var driver = asked()
        let confirmation = try #require(driver.log["t"]?.state.confirmation?.id)
        var late = driver
        driver.pass(seconds: 3599)
        #expect(driver.decide(.approve, "t", on: confirmation).reasons.isEmpty)
        late.pass(seconds: 3600)
        let effects = late.decide(.approve, "t", on: confirmation)
        #expect(effects.reasons == [.decisionRefused] && effects.status == .cancelled)
    }

    @Test("cancel withdraws the question")
    func withdrawn() throws {
        var driver = asked()
        driver.act(.cancel, "t")
        #expect(try driver.state("t").confirmations.map(\.status) == [.withdrawn])
        #expect(driver.wait(seconds: 7200).isEmpty)
    }

    @Test("it asks once a round: not again for a repetition, but again after a retry")
    func rounds() throws {
        var driver = EngineDriver()
        driver.submit(request("t", policy: .manual, retries: 1))
        driver.decide(.approve, "t")
        let first = try #require(driver.log["t"]?.state.confirmations.first?.id)
        driver.slots()
        try driver.finish("t", .failed)
        driver.wait(seconds: 5)
        #expect(driver.slots().started == ["t"])
        try driver.finish("t", .failed)
        #expect(driver.act(.retry, "t").status == .waitingConfirmation)
        #expect(driver.slots().isEmpty)
        #expect(driver.decide(.approve, "t", by: "carol", on: first).reasons == [.decisionRefused])
        driver.decide(.approve, "t", by: "carol")
        #expect(driver.slots().started == ["t"])
    }

    @Test("a new owner asks for what its predecessor accepted and did not ask any more")
    func takeOverBetween() throws {
        var driver = EngineDriver()
        let accepted = driver.submit(request("t", policy: .manual)).published[0]
        driver.assume(accepted)
        let effects = driver.takeOver()
        #expect(effects.status == .waitingConfirmation)
        #expect(effects.notifications.map(\.id) == ["t/2/confirmation_required"])
    }

    @Test("a new owner keeps the question, its id and its end")
    func takeOver() throws {
        var driver = asked()
        let confirmation = try #require(driver.log["t"]?.state.confirmation)
        driver.wait(seconds: 1800)
        #expect(driver.takeOver().isEmpty)
        #expect(try driver.state("t").confirmation == confirmation)
        #expect(driver.wait(seconds: 1800).status == .cancelled)
    }
}
