import Gates
import TaskEngine
import TaskModel
import TestKit
import Testing

/// Decisions that are read before their question is asked.
@Suite struct EarlyDecisionTests {
    private func decision(
        _ verdict: Verdict, by actor: String = "bob", on number: Int = 1, _ fingerprint: String? = nil
    ) -> ConfirmationDecision {
        ConfirmationDecision(
            confirmationID: "t/\(number)", taskID: "t", verdict: verdict, actor: actor, reason: "because",
            fingerprint: fingerprint)
    }

    /// What the first question of the running task will be about.
    private func foreseen(_ act: String = "pay 5") throws -> String {
        var twin = EngineDriver.running()
        try twin.ask(act: act)
        return try #require(twin.log["t"]?.state.confirmation?.fingerprint)
    }

    @Test("an approval of the very act waits for its question, and counts then; the attempt is told at once")
    func approval() throws {
        var driver = EngineDriver.running()
        #expect(driver.send(decision(.approve, try foreseen())).deadLetters.isEmpty)
        #expect(try driver.state("t").earlyDecisions.count == 1)
        driver.takeOver(running: [driver.here])
        let effects = try driver.ask()
        #expect(effects.granted == ["t/1"] && effects.status == .running)
        let state = try driver.state("t")
        #expect(state.earlyDecisions.isEmpty)
        #expect(state.confirmations.map(\.status) == [.approved])
        #expect(state.confirmations.first?.decisions.map(\.actor) == ["bob"])
    }

    @Test("nobody can have been shown what is not asked yet: an approval without the act's fingerprint is refused")
    func blindApproval() throws {
        var driver = EngineDriver.running()
        #expect(driver.send(decision(.approve)).reasons == [.decisionRefused])
        #expect(try driver.ask().status == .waitingConfirmation)
    }

    @Test("an approval of another act does not count, and is told as such when the question comes")
    func otherAct() throws {
        var driver = EngineDriver.running()
        driver.send(decision(.approve, try foreseen("pay 6")))
        let effects = try driver.ask()
        #expect(effects.granted.isEmpty && effects.reasons == [.decisionRefused])
        #expect(try driver.state("t").status == .waitingConfirmation)
    }

    @Test("a rejection ahead of its question rejects it")
    func rejection() throws {
        var driver = EngineDriver.running()
        #expect(driver.send(decision(.reject)).deadLetters.isEmpty)
        let effects = try driver.ask()
        #expect(effects.refused.count == 1 && driver.log["t"]?.state.refusal != nil)
    }

    @Test("the requester's own approval counts no more than in time")
    func selfApproval() throws {
        var driver = EngineDriver.running()
        driver.send(decision(.approve, by: "alice", try foreseen()))
        #expect(try driver.ask().reasons == [.decisionRefused])
    }

    @Test("one that is read twice is kept once, also by another owner, and after its question")
    func repeated() throws {
        var driver = EngineDriver.running()
        let record = driver.newRecord(.confirmations)
        let message = InboundMessage.decision(decision(.reject, on: 2))
        driver.handle(.record(record, .success(message), .here))
        #expect(driver.handle(.record(record, .success(message), .here)).notes == [.repeated("t")])
        driver.takeOver(running: [driver.here])
        #expect(driver.handle(.record(record, .success(message), .here)).notes == [.repeated("t")])
        #expect(try driver.state("t").earlyDecisions.count == 1)
    }

    @Test("roles that a token proved count when the question comes; the token itself is kept nowhere")
    func roles() throws {
        var gate = GateDefinition.pay
        gate.approvers = .init(roles: ["admin"], users: [])
        for (roles, isEnough) in [(Set(["admin"]), true), (["user"], false)] {
            var driver = EngineDriver.running(gate: gate)
            var record = driver.newRecord(.confirmations)
            record.authority = .verified(
                Principal(subject: "bob", issuer: "us", roles: roles, permissions: [.executeTasks]))
            driver.handle(.record(record, .success(.decision(decision(.approve, try foreseen()))), .here))
            driver.takeOver(running: [driver.here])
            #expect(try driver.ask().granted.isEmpty != isEnough)
        }
    }

    @Test("what is too far ahead, or too much, is refused")
    func bounds() throws {
        var driver = EngineDriver.running()
        #expect(driver.send(decision(.reject, on: EarlyDecision.farthest + 1)).reasons == [.unknownConfirmation])
        for number in 1...EarlyDecision.limit {
            #expect(driver.send(decision(.reject, by: "user \(number)", on: 2)).deadLetters.isEmpty)
        }
        #expect(driver.send(decision(.reject, on: 2)).reasons == [.decisionRefused])
    }

    @Test("when the task ends without asking, its decisions are told as lost")
    func unasked() throws {
        var driver = EngineDriver.running()
        driver.send(decision(.reject))
        let effects = try driver.finish("t")
        #expect(effects.reasons == [.decisionRefused] && driver.log["t"]?.state.earlyDecisions.isEmpty == true)
        #expect(driver.send(decision(.reject)).reasons == [.unknownConfirmation])
    }

    @Test("a decision in time counts for its own act only")
    func fingerprint() throws {
        var driver = EngineDriver.running()
        try driver.ask()
        #expect(driver.send(decision(.approve, "00")).reasons == [.decisionRefused])
        #expect(driver.send(decision(.approve, try foreseen())).granted == ["t/1"])
    }

    @Test("decisions ahead of their question do what they do after it", arguments: 0..<500)
    func equivalence(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var gate = GateDefinition.pay
        gate.requiredApprovals = .random(in: 1...3, using: &generator)
        gate.onReject = GateEnd.allCases.randomElement(using: &generator) ?? .cancel
        let (right, wrong) = (try foreseen(), try foreseen("pay 6"))
        let decisions = (0..<Int.random(in: 1...6, using: &generator)).map { _ in
            decision(
                Int.random(in: 0..<8, using: &generator) == 0 ? .reject : .approve,
                by: ["alice", "bob", "carol", "dave"].randomElement(using: &generator) ?? "bob",
                Int.random(in: 0..<5, using: &generator) == 0 ? wrong : right)
        }
        var early = EngineDriver.running(gate: gate)
        for decision in decisions {
            early.send(decision)
            if Bool.random(using: &generator) { early.takeOver(running: [early.here]) }
        }
        let answers = try early.ask()
        var timely = EngineDriver.running(gate: gate)
        try timely.ask()
        let effects = decisions.map { timely.send($0) }
        let (one, other) = (try early.state("t"), try timely.state("t"))
        #expect(one.status == other.status && one.refusal == other.refusal)
        #expect(one.confirmation?.decisions == other.confirmation?.decisions)
        #expect(one.confirmations.map(\.decisions) == other.confirmations.map(\.decisions))
        #expect(answers.granted == effects.flatMap(\.granted))
        #expect(answers.deadLetters.count == effects.flatMap(\.deadLetters).count)
    }
}

extension EngineDriver {
    @discardableResult
    fileprivate mutating func send(_ decision: ConfirmationDecision) -> Effects {
        handle(.record(newRecord(.confirmations), .success(.decision(decision)), .here))
    }
}
