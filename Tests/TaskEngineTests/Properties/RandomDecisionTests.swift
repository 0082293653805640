import TaskEngine
import TaskModel
import TestKit
import Testing

/// Decisions of every kind, permuted, repeated, late, forged, self-made and mismatched, over random gates: compared with
/// what a few lines of rules say.
@Suite struct RandomDecisionTests {
    private typealias Gate = TaskModel.Confirmation
    private static let people = ["alice", "bob", "carol", "dave", "eve", "mallory"]

    /// The rules once more, as a reader of the documentation would state them.
    private struct Oracle {
        var approvals: Set<String> = []
        var outcome: TaskModel.Confirmation.Status = .pending

        /// Whether the decision counts.
        mutating func take(_ verdict: Verdict, by actor: String, _ gate: TaskModel.Confirmation, late: Bool) -> Bool {
            guard outcome == .pending else { return false }
            guard !late else {
                outcome = .expired
                return false
            }
            guard gate.approvers.users.isEmpty || gate.approvers.users.contains(actor) else { return false }
            if verdict == .reject {
                outcome = .rejected
                return true
            }
            guard actor != "alice" || gate.allowsRequester, approvals.insert(actor).inserted else { return false }
            if approvals.count == gate.requiredApprovals { outcome = .approved }
            return true
        }
    }

    @Test(
        "12,000 decisions: resumed only with the approvals that were needed, and no valid one is lost",
        arguments: 0..<600)
    func decisions(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let gate = try gate(&generator)
        var driver = gate.driver
        var oracle = Oracle()
        var repeated: [(InboundRecord, InboundMessage)] = []
        for _ in 0..<20 {
            if Int.random(in: 0..<12, using: &generator) == 0 { driver.takeOver() }
            if Int.random(in: 0..<6, using: &generator) == 0 {
                driver.pass(seconds: .random(in: 1...400, using: &generator))
            }
            if let again = repeated.randomElement(using: &generator), Bool.random(using: &generator) {
                let before = try #require(driver.log["t"]?.state)
                driver.handle(.record(again.0, .success(again.1), .here))
                #expect(try #require(driver.log["t"]?.state) == before || driver.now >= gate.confirmation.expiresAt)
                if driver.now >= gate.confirmation.expiresAt, oracle.outcome == .pending { oracle.outcome = .expired }
                continue
            }
            let actor = Self.people.randomElement(using: &generator) ?? ""
            let verdict: Verdict = Int.random(in: 0..<7, using: &generator) == 0 ? .reject : .approve
            let isForged = Int.random(in: 0..<5, using: &generator) == 0
            let id = isForged ? "t/\(Int.random(in: 10...19, using: &generator))" : gate.confirmation.id
            let message = InboundMessage.decision(
                ConfirmationDecision(confirmationID: id, taskID: "t", verdict: verdict, actor: actor))
            let record = driver.newRecord(.confirmations)
            let effects = driver.handle(.record(record, .success(message), .here))
            let late = driver.now >= gate.confirmation.expiresAt
            let counts = !isForged && oracle.take(verdict, by: actor, gate.confirmation, late: late)
            #expect(effects.deadLetters.isEmpty == counts, "\(verdict) by \(actor) on \(id): \(effects.all)")
            if counts { repeated.append((record, message)) }
            try check(&driver, oracle, gate.confirmation)
        }
    }

    private func gate(_ generator: inout SeededGenerator) throws -> (driver: EngineDriver, confirmation: Gate) {
        let users = Bool.random(using: &generator) ? Array(Self.people.shuffled(using: &generator).prefix(4)) : []
        let driver = try EngineDriver.asked { asked, now in
            Gate(
                id: asked.id, gate: asked.gate, action: asked.action, fingerprint: asked.fingerprint,
                requestedAt: asked.requestedAt, expiresAt: asked.expiresAt,
                requiredApprovals: .random(in: 1...4, using: &generator), allowsRequester: .random(using: &generator),
                onReject: Gate.Fallback.allCases.randomElement(using: &generator) ?? .cancel,
                onExpiry: Gate.Fallback.allCases.randomElement(using: &generator) ?? .cancel,
                approvers: .init(users: users),
                reminder: Bool.random(using: &generator) ? .init(at: now.adding(seconds: 900)) : nil)
        }
        return (driver, try #require(driver.log["t"]?.state.confirmation))
    }

    private func check(_ driver: inout EngineDriver, _ oracle: Oracle, _ gate: Gate) throws {
        let state = try #require(driver.log["t"]?.state)
        switch oracle.outcome {
        case .pending:
            #expect(state.status == .waitingConfirmation && state.confirmation?.id == gate.id)
            var probe = driver
            #expect(probe.slots(5).started.isEmpty)
        case .approved:
            #expect(state.confirmations.map(\.status) == [.approved])
            var probe = driver
            #expect(probe.slots(5).started == ["t"])
            #expect(probe.slots(5).started.isEmpty)
        case .rejected, .expired, .withdrawn:
            let fallback = oracle.outcome == .expired ? gate.onExpiry : gate.onReject
            #expect(state.status == (fallback == .fail ? .failed : .cancelled))
            #expect(state.confirmations.map(\.status) == [oracle.outcome])
            #expect(driver.slots(5).started.isEmpty)
        }
        #expect(AuditChain.firstBreak(in: state.confirmations, of: "t") == nil)
    }
}
