import Gates
import TaskEngine
import TaskModel
import TestKit
import Testing

/// Attempts that ask, are parked, approved, lost and taken over in any order.
@Suite struct RandomParkingTests {
    @Test("30,000 steps: no grant is used twice, and no task hangs", arguments: 0..<300)
    func parking(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var gate = GateDefinition.pay
        gate.decisionSeconds = 900
        var driver = EngineDriver.running(gate: gate, retries: 3) { $0.parkAfterSeconds = 60 }
        var given: [String: TaskModel.Confirmation.Asker] = [:]
        var told: Set<AttemptRef> = []
        var incarnation = 1
        for _ in 0..<100 {
            guard let before = driver.log["t"], !before.state.status.isTerminal else { break }
            var effects = Effects([])
            switch Int.random(in: 0..<24, using: &generator) {
            case 0..<4: effects = try driver.askToRun(["pay", "\(Int.random(in: 5...6, using: &generator))"], 1)
            case 4..<6: effects = try driver.askToRun(["pay", "5"], 2)
            case 6..<9: effects = driver.decide(.approve, "t")
            case 9..<15: effects = driver.wait(seconds: .random(in: 1...60, using: &generator))
            case 15..<17:
                effects = try driver.tell(
                    session: .one, usage: TokenUsage(input: .random(in: 0...99, using: &generator)))
            case 17:
                incarnation += 1
                told = []
                effects = driver.takeOver(incarnation: "\(incarnation)")
            case 18, 19:
                told = []
                effects = driver.takeOver(running: [driver.here])
            case 20:
                told = []
                let runner = Bool.random(using: &generator) ? "b" : "a"
                effects = driver.takeOver(runner: runner, running: [driver.here])
            case 21 where Int.random(in: 0..<6, using: &generator) == 0:
                effects = Bool.random(using: &generator) ? driver.decide(.reject, "t") : driver.act(.cancel, "t")
            default:
                guard before.state.isAttemptAlive else { continue }
                if told.contains(driver.here) || Int.random(in: 0..<8, using: &generator) == 0 {
                    effects = try end(&driver, &generator)
                }
            }
            try check(effects, driver, before, &given, &told)
            let isSlotFree = Bool.random(using: &generator)
            if isSlotFree, let before = driver.log["t"] {
                try check(driver.slots(), driver, before, &given, &told)
            }
        }
    }

    private func end(_ driver: inout EngineDriver, _ generator: inout SeededGenerator) throws -> Effects {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: try driver.finish("t", .lost)
        case 1: try driver.fail(AttemptFailure(cause: .transient, code: "overloaded", retryAfterMilliseconds: 5000))
        case 2: try driver.fail(nil)
        default: try driver.finish("t", .interrupted)
        }
    }

    private func check(
        _ effects: Effects, _ driver: EngineDriver, _ before: TaskSnapshot,
        _ given: inout [String: TaskModel.Confirmation.Asker], _ told: inout Set<AttemptRef>
    ) throws {
        for ref in effects.parked { #expect(told.insert(ref).inserted, "\(ref) is parked twice by one owner") }
        for answer in effects.answers {
            guard case .granted(let id) = answer.answer else { continue }
            let asker = TaskModel.Confirmation.Asker(attempt: answer.ref.attempt, question: answer.question)
            let known = given.updateValue(asker, forKey: id)
            #expect(known == nil || known == asker, "\(id) is given to \(asker) after \(String(describing: known))")
            // An answer from before it was parked may be repeated; a new one is not for it.
            #expect(!told.contains(answer.ref) || known == asker, "\(answer.ref) is told although it is stopped")
        }
        let state = try #require(driver.log["t"]?.state)
        #expect(!before.state.isCancelRequested || effects.started.isEmpty, "a cancelled task starts")
        for attempt in before.state.attempts {
            guard let now = state.attempts.first(where: { $0.attempt == attempt.attempt }) else { continue }
            #expect(now.usage.total >= attempt.usage.total)
        }
        guard !state.status.isTerminal else { return }
        #expect(
            state.status != .waitingConfirmation || state.isAttemptAlive || state.confirmation != nil
                || driver.engine.headRank != nil || driver.engine.nextDeadline != nil, "an approved task hangs")
        if !state.isAttemptAlive { try checkStartable(driver, state) }
        #expect(AuditChain.firstBreak(in: state.confirmations, of: "t") == nil)
    }

    /// Without an attempt it starts, or something is due that changes it.
    private func checkStartable(_ driver: EngineDriver, _ state: TaskState) throws {
        var probe = driver
        if state.confirmation != nil {
            #expect(probe.engine.nextDeadline != nil && probe.slots(9).started.isEmpty)
            return
        }
        if let moment = state.nextAttemptAt, moment > probe.now {
            #expect(probe.engine.nextDeadline.map { $0 <= moment } == true)
            probe.wait(milliseconds: moment.milliseconds(since: probe.now))
        }
        #expect(probe.slots(9).started == ["t"], "a task that may start does not")
    }
}
