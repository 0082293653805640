import TaskEngine
import TaskModel
import Testing

@Suite("Who sends a record")
struct SenderTests {
    private static let unauthorized = Authority.refused(ContractViolation(.unauthorized, "The token expired."))

    private static func user(_ subject: String, projects: Set<Int64>? = nil, manages: Bool = false) -> Authority {
        .verified(
            Principal(
                subject: subject, issuer: "https://id.example", keyID: "main",
                permissions: manages ? Set(Permission.allCases) : [.writeTasks, .executeTasks], projects: projects))
    }

    /// Hands a record over as the shell does.
    private func send(
        _ message: InboundMessage, by authority: Authority, _ driver: inout EngineDriver,
        _ whereabouts: Whereabouts = .here, again record: InboundRecord? = nil
    ) -> (effects: Effects, record: InboundRecord) {
        var record = record ?? driver.newRecord(message.permission == .writeTasks ? .requests : .confirmations)
        record.authority = authority
        return (driver.handle(.record(record, .success(message), whereabouts)), record)
    }

    private func decision(_ driver: EngineDriver, by actor: String) throws -> InboundMessage {
        .decision(
            ConfirmationDecision(
                confirmationID: try #require(driver.log["t"]?.state.confirmation).id, taskID: "t", verdict: .approve,
                actor: actor))
    }

    @Test("a record without a token that counts becomes a dead letter and changes nothing")
    func refused() throws {
        var driver = EngineDriver()
        let asked = send(.request(request("t", by: "ann", policy: .manual)), by: Self.unauthorized, &driver)
        #expect(asked.effects.reasons == [.unauthorized] && asked.effects.published.isEmpty)
        driver.submit(request("t", by: "ann", policy: .manual))
        let messages: [InboundMessage] =
            TaskVerb.allCases.map { .action(TaskAction(taskID: "t", verb: $0, actor: "ben")) }
            + [try decision(driver, by: "ben")]
        for message in messages {
            let (effects, record) = send(message, by: Self.unauthorized, &driver)
            #expect(effects.reasons == [.unauthorized] && effects.all.count == 1, "\(message)")
            #expect(effects.deadLetters.first?.record == record)
        }
        #expect(driver.status("t") == .waitingConfirmation)
    }

    @Test("it is neither forwarded nor looked for")
    func notForwarded() {
        var driver = EngineDriver(.test(partitions: 3))
        for id in ["a", "b", "c", "d"] as [TaskID] {
            let action = InboundMessage.action(TaskAction(taskID: id, verb: .cancel))
            for whereabouts in [Whereabouts.unknown, .elsewhere(2)] {
                let effects = send(action, by: Self.unauthorized, &driver, whereabouts).effects
                #expect(effects.reasons == [.unauthorized] && effects.forwards.isEmpty)
            }
            let effects = send(.request(request(id)), by: Self.unauthorized, &driver, .unknown).effects
            #expect(effects.reasons == [.unauthorized] && effects.forwards.isEmpty)
        }
    }

    @Test("a record that was taken in and is read again after its token expired is no failure")
    func readAgain() throws {
        var driver = EngineDriver()
        let asked = send(.request(request("t", by: "ann", policy: .manual)), by: Self.user("ann"), &driver)
        let again = send(
            .request(request("t", by: "ann", policy: .manual)), by: Self.unauthorized, &driver, again: asked.record)
        #expect(again.effects.notes == [.duplicate("t")] && again.effects.deadLetters.isEmpty)
        let message = try decision(driver, by: "ben")
        let decided = send(message, by: Self.user("ben"), &driver)
        #expect(decided.effects.published.count == 1)
        let repeated = send(message, by: Self.unauthorized, &driver, again: decided.record)
        #expect(repeated.effects.notes == [.repeated("t")] && repeated.effects.deadLetters.isEmpty)
    }

    @Test("a task is decided about by those whose project it is, its requester, and who manages tasks")
    func projects() throws {
        for (authority, isAllowed) in [
            (Self.user("ben"), true), (Self.user("ben", projects: [1, 2]), true),
            (Self.user("ben", projects: [2]), false), (Self.user("ben", projects: []), false),
            (Self.user("ann", projects: [2]), true), (Self.user("ben", projects: [2], manages: true), true),
            (.trusted, true),
        ] {
            var driver = EngineDriver { $0.allowsRequesterApproval = true }
            driver.submit(request("t", by: "ann", policy: .manual, project: 1))
            let actor = authority.principal?.subject ?? "ben"
            let decided = send(try decision(driver, by: actor), by: authority, &driver).effects
            #expect(decided.reasons == (isAllowed ? [] : [.forbidden]), "\(authority)")
            let cancel = InboundMessage.action(TaskAction(taskID: "t", verb: .cancel, actor: actor))
            let cancelled = send(cancel, by: authority, &driver).effects
            #expect(cancelled.reasons == (isAllowed ? [] : [.forbidden]), "\(authority)")
            #expect(driver.status("t") == (isAllowed ? .cancelled : .waitingConfirmation))
        }
    }

    @Test("the snapshot tells on whose authority a decision was taken, also after a takeover without any token")
    func history() throws {
        for (authority, expected) in [
            (Self.user("ben"), DecisionAuthority.token(issuer: "https://id.example", keyID: "main")),
            (.trusted, .trusted),
        ] {
            var driver = EngineDriver()
            driver.submit(request("t", by: "ann", policy: .manual))
            _ = send(try decision(driver, by: "ben"), by: authority, &driver)
            driver.assume(try TaskSnapshot(json: try #require(driver.log["t"]).json))
            driver.takeOver()
            #expect(driver.slots().started == ["t"])
            #expect(try driver.state("t").confirmations.last?.decisions.map(\.authority) == [expected])
        }
    }

    @Test("a confirm action carries its authority like a decision")
    func action() throws {
        var driver = EngineDriver()
        driver.submit(request("t", by: "ann", policy: .manual))
        let confirm = InboundMessage.action(TaskAction(taskID: "t", verb: .confirm, actor: "ben"))
        _ = send(confirm, by: Self.user("ben"), &driver)
        #expect(
            try driver.state("t").confirmations.last?.decisions.first?.authority
                == .token(issuer: "https://id.example", keyID: "main"))
    }
}
