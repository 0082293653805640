import TaskEngine
import TaskModel
import Testing

/// Which decisions count.
@Suite struct DecisionTests {
    /// A task of alice whose gate asks for `approvals`.
    private func asked(
        approvals: Int = 1, allowsRequester: Bool = false, onReject: TaskModel.Confirmation.Fallback = .cancel,
        onExpiry: TaskModel.Confirmation.Fallback = .cancel
    ) throws -> EngineDriver {
        try EngineDriver.asked { manual, _ in
            TaskModel.Confirmation(
                id: manual.id, gate: manual.gate, action: manual.action, fingerprint: manual.fingerprint,
                requestedAt: manual.requestedAt, expiresAt: manual.expiresAt, requiredApprovals: approvals,
                allowsRequester: allowsRequester, onReject: onReject, onExpiry: onExpiry)
        }
    }

    @Test("the requester cannot approve, unless the gate lets him; others can")
    func selfApproval() throws {
        var driver = try asked()
        let before = try driver.state("t")
        #expect(driver.decide(.approve, "t", by: "alice").reasons == [.decisionRefused])
        #expect(try driver.state("t") == before)
        var lenient = try asked(allowsRequester: true)
        #expect(lenient.decide(.approve, "t", by: "alice").deadLetters.isEmpty)
        #expect(lenient.slots().started == ["t"])
    }

    @Test("the configuration can let the requester approve manual tasks")
    func configuredSelfApproval() {
        var driver = EngineDriver { $0.allowsRequesterApproval = true }
        driver.submit(request("t", by: "alice", policy: .manual))
        #expect(driver.act(.confirm, "t", actor: "alice").deadLetters.isEmpty)
        #expect(driver.slots().started == ["t"])
    }

    @Test("the requester can reject")
    func selfRejection() throws {
        var driver = try asked()
        #expect(driver.decide(.reject, "t", by: "alice").status == .cancelled)
    }

    @Test("so many distinct approvers as the gate says")
    func approvers() throws {
        var driver = try asked(approvals: 3)
        #expect(driver.decide(.approve, "t", by: "bob").published.count == 1)
        #expect(driver.decide(.approve, "t", by: "bob").reasons == [.decisionRefused])
        #expect(driver.act(.confirm, "t", actor: "bob").reasons == [.decisionRefused])
        driver.decide(.approve, "t", by: "carol")
        #expect(driver.slots().started.isEmpty)
        #expect(try driver.state("t").confirmation?.decisions.map(\.actor) == ["bob", "carol"])
        driver.takeOver()
        driver.act(.confirm, "t", actor: "dave")
        #expect(driver.slots().started == ["t"])
    }

    @Test("one rejection is enough, whoever approved before")
    func oneRejection() throws {
        var driver = try asked(approvals: 3)
        driver.decide(.approve, "t", by: "bob")
        #expect(driver.decide(.reject, "t", by: "carol").status == .cancelled)
    }

    @Test("the gate says whether a rejection or an expiry fails the task")
    func fallback() throws {
        var rejected = try asked(onReject: .fail)
        let effects = rejected.decide(.reject, "t", reason: "no")
        #expect(effects.status == .failed && effects.notifications.map(\.kind) == [.taskFailed, .confirmationDecided])
        #expect(try rejected.state("t").result.error == "manual: no")
        var expired = try asked(onExpiry: .fail)
        #expect(expired.wait(seconds: 3600).status == .failed)
        var other = try asked(onReject: .fail)
        #expect(other.wait(seconds: 3600).status == .cancelled)
    }

    @Test("a decision that names another confirmation, or none there ever was, changes nothing")
    func mismatched() throws {
        var driver = try asked()
        driver.submit(request("other", policy: .manual))
        let before = try driver.state("t")
        let others = try #require(driver.log["other"]?.state.confirmation?.id)
        for id in [others, "t/0", "t/01", "t/99", "forged"] {
            #expect(driver.decide(.approve, "t", on: id).reasons == [.unknownConfirmation])
        }
        #expect(try driver.state("t") == before)
    }

    @Test("a decision on a confirmation that has ended comes too late", arguments: [Verdict.approve, .reject])
    func late(verdict: Verdict) throws {
        var driver = try asked()
        let id = try #require(driver.log["t"]?.state.confirmation?.id)
        driver.decide(verdict, "t", on: id)
        let after = try driver.state("t")
        for verdict in Verdict.allCases {
            #expect(driver.decide(verdict, "t", by: "carol", on: id).reasons == [.decisionRefused])
        }
        #expect(try driver.state("t") == after)
    }

    @Test("a decision that is read twice is applied once")
    func repeated() throws {
        var driver = try asked(approvals: 2)
        let id = try #require(driver.log["t"]?.state.confirmation?.id)
        let message = InboundMessage.decision(
            ConfirmationDecision(confirmationID: id, taskID: "t", verdict: .approve, actor: "bob"))
        let record = driver.newRecord(.confirmations)
        driver.handle(.record(record, .success(message), .here))
        #expect(driver.handle(.record(record, .success(message), .here)).notes == [.repeated("t")])
        driver.takeOver()
        #expect(driver.handle(.record(record, .success(message), .here)).notes == [.repeated("t")])
    }

    @Test("at a stage without a question no decision applies", arguments: Stage.allCases)
    func stages(stage: Stage) throws {
        guard stage != .asked else { return }
        var driver = try stage.driver()
        let before = try driver.state("t")
        #expect(driver.decide(.approve, "t", on: "t/2").deadLetters.count == 1)
        #expect(try driver.state("t") == before)
    }
}
