import TaskEngine
import TaskModel
import Testing

/// Gates that name who may decide.
@Suite struct ApproverTests {
    private func asked(_ approvers: TaskModel.Confirmation.Approvers) throws -> EngineDriver {
        try EngineDriver.asked { asked, _ in
            TaskModel.Confirmation(
                id: asked.id, gate: asked.gate, action: asked.action, fingerprint: asked.fingerprint,
                requestedAt: asked.requestedAt, expiresAt: asked.expiresAt, approvers: approvers)
        }
    }

    @Test("only who is named decides, either way", arguments: Verdict.allCases)
    func users(verdict: Verdict) throws {
        var driver = try asked(.init(users: ["bob", "carol"]))
        let before = try driver.state("t")
        #expect(driver.decide(verdict, "t", by: "mallory").reasons == [.decisionRefused])
        #expect(driver.act(.confirm, "t", actor: "mallory").reasons == [.decisionRefused])
        #expect(try driver.state("t") == before)
        #expect(driver.decide(verdict, "t", by: "carol").deadLetters.isEmpty)
    }

    @Test("a role that a token proves lets its holder decide, and no other role does")
    func provenRoles() throws {
        var driver = try asked(.init(roles: ["lead", "security"]))
        func decide(_ actor: String, _ roles: Set<String>) throws -> Effects {
            let id = try #require(driver.log["t"]?.state.confirmation?.id)
            var record = driver.newRecord(.confirmations)
            record.authority = .verified(Principal(subject: actor, roles: roles, permissions: [.executeTasks]))
            let decision = ConfirmationDecision(confirmationID: id, taskID: "t", verdict: .approve, actor: actor)
            return driver.handle(.record(record, .success(.decision(decision)), .here))
        }
        #expect(try decide("mallory", ["user"]).reasons == [.decisionRefused])
        #expect(try decide("carol", ["user", "lead"]).deadLetters.isEmpty)
        #expect(driver.slots().started == ["t"])
    }

    @Test("a role that nobody can prove to have lets nobody decide")
    func roles() throws {
        var driver = try asked(.init(roles: ["admin"]))
        #expect(driver.decide(.approve, "t", by: "admin").reasons == [.decisionRefused])
        #expect(driver.wait(seconds: 3600).status == .cancelled)
    }
}
