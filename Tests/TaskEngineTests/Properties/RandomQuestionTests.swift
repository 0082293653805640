import Gates
import TaskEngine
import TaskModel
import TestKit
import Testing

/// Attempts that ask, over and over, get lost, come back, and act; decisions of every kind in any order: what was done is
/// compared with what was agreed to.
@Suite struct RandomQuestionTests {
    /// What happened, as those outside saw it.
    private struct Witness {
        /// Yes by whom, as far as it was said before the question's time was up.
        var approvers: [String: Set<String>] = [:]
        var refused: Set<String> = []
        /// Which attempt and question were given which approval.
        var given: [String: TaskModel.Confirmation.Asker] = [:]

        mutating func hears(_ message: InboundMessage, _ open: TaskModel.Confirmation?, at now: Timestamp) {
            guard case .decision(let decision) = message, let open, open.id == decision.confirmationID,
                now < open.expiresAt
            else { return }
            if decision.verdict == .approve, decision.actor != "alice" {
                approvers[open.id, default: []].insert(decision.actor)
            }
            if decision.verdict == .reject { refused.insert(open.id) }
        }
    }

    private static let people = ["alice", "bob", "carol", "dave"]

    @Test(
        "10,000 steps of questions, losses and decisions: one use of an approval, and none without", arguments: 0..<200)
    func questions(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var gate = GateDefinition.pay
        gate.requiredApprovals = .random(in: 1...2, using: &generator)
        gate.decisionSeconds = 600
        gate.onReject = GateEnd.allCases.randomElement(using: &generator) ?? .cancel
        var driver = EngineDriver.running(gate: gate, retries: 2)
        var witness = Witness()
        var sent: [(InboundRecord, InboundMessage)] = []
        var past: [TaskSnapshot] = []
        var incarnation = 1
        for _ in 0..<50 {
            guard let before = driver.log["t"], !before.state.status.isTerminal else { break }
            var effects = Effects([])
            switch Int.random(in: 0..<20, using: &generator) {
            case 0..<8:
                // A former attempt may ask, too.
                let asking = Int.random(in: 0..<6, using: &generator) == 0 ? past.randomElement(using: &generator) : nil
                effects = try driver.ask(
                    .random(in: 1...3, using: &generator),
                    act: "pay \(Int.random(in: 5...6, using: &generator))", of: asking)
            case 8..<15: effects = decide(&driver, &witness, &sent, gate, &generator)
            case 15:
                guard let again = sent.randomElement(using: &generator) else { continue }
                witness.hears(again.1, before.state.confirmation, at: driver.now)
                effects = driver.handle(.record(again.0, .success(again.1), .here))
            case 16:
                past.append(before)
                incarnation += 1
                effects = driver.takeOver(incarnation: "\(incarnation)")
            case 17: effects = driver.takeOver(running: [driver.here])
            case 18: effects = driver.wait(seconds: .random(in: 1...200, using: &generator))
            default:
                if before.state.isAttemptAlive, Int.random(in: 0..<3, using: &generator) == 0 {
                    effects = try driver.finish("t", AttemptOutcome.allCases.randomElement(using: &generator) ?? .lost)
                } else if let id = before.state.confirmations.randomElement(using: &generator)?.id {
                    effects = try driver.acted(on: id)
                }
            }
            check(effects, driver, &witness, gate)
            check(driver.slots(1), driver, &witness, gate)
        }
        let uses = driver.log["t"]?.state.confirmations.filter { $0.use != nil }.count ?? 0
        #expect(uses >= witness.given.count)
    }

    private func decide(
        _ driver: inout EngineDriver, _ witness: inout Witness, _ sent: inout [(InboundRecord, InboundMessage)],
        _ gate: GateDefinition, _ generator: inout SeededGenerator
    ) -> Effects {
        let open = driver.log["t"]?.state.confirmation
        let isForged = Int.random(in: 0..<5, using: &generator) == 0
        let id = isForged ? "t/\(Int.random(in: 1...30, using: &generator))" : open?.id ?? "t/3"
        let actor = Self.people.randomElement(using: &generator) ?? "bob"
        let verdict: Verdict = Int.random(in: 0..<8, using: &generator) == 0 ? .reject : .approve
        let decision = ConfirmationDecision(confirmationID: id, taskID: "t", verdict: verdict, actor: actor)
        let message = InboundMessage.decision(decision)
        witness.hears(message, open, at: driver.now)
        let record = driver.newRecord(.confirmations)
        sent.append((record, message))
        return driver.handle(.record(record, .success(message), .here))
    }

    private func check(
        _ effects: Effects, _ driver: EngineDriver, _ witness: inout Witness, _ gate: GateDefinition
    ) {
        for answer in effects.answers {
            guard case .granted(let id) = answer.answer else { continue }
            let asker = TaskModel.Confirmation.Asker(attempt: answer.ref.attempt, question: answer.question)
            let known = witness.given.updateValue(asker, forKey: id)
            #expect(known == nil || known == asker, "\(id) is given to \(asker) after \(String(describing: known))")
            #expect(witness.approvers[id, default: []].count >= gate.requiredApprovals, "\(id) lacks approvals")
            #expect(!witness.refused.contains(id), "\(id) was refused")
            #expect(driver.log["t"]?.state.confirmations.first { $0.id == id }?.use?.by == asker)
        }
        guard let state = driver.log["t"]?.state else { return }
        let uses = state.confirmations.compactMap { $0.use?.by }
        #expect(Set(uses).count == uses.count, "two approvals for one question")
        #expect(state.confirmations.allSatisfy { $0.use == nil || $0.status == .approved })
        if state.confirmations.last?.status == .rejected || state.confirmations.last?.status == .expired {
            #expect(state.status.isTerminal || state.refusal != nil, "a refused task is \(state.status)")
        }
        #expect(AuditChain.firstBreak(in: state.confirmations, of: "t") == nil)
    }
}
