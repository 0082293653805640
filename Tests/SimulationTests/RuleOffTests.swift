import Simulation
import Testing

/// The simulation must be able to fail: without a rule it finds what the rule is for, within a stated number of seeds.
@Suite struct RuleOffTests {
    /// A rule that is switched off, and what that must come to.
    struct Case: Sendable, CustomTestStringConvertible {
        let rule: SimulatedRule
        let guarantee: SimulatedGuarantee
        /// Seeds from 1 on, about three times the first that showed it.
        let seeds: UInt64
        let violates: Set<Invariant>
        let weather: Weather
        let steps: Int
        /// Tasks in 100 whose attempts ask.
        let gated: Int

        init(
            _ rule: SimulatedRule, _ guarantee: SimulatedGuarantee, within seeds: UInt64, _ violates: Set<Invariant>,
            _ weather: Weather = .ordinary, steps: Int = 1500, gated: Int = 0
        ) {
            self.weather = weather
            self.steps = steps
            self.gated = gated
            self.rule = rule
            self.guarantee = guarantee
            self.seeds = seeds
            self.violates = violates
        }

        var testDescription: String { "\(rule.rawValue), \(guarantee.rawValue), within \(seeds) seeds" }
    }

    static let cases: [Case] = [
        Case(.orderCheck, .atLeastOnce, within: 10, [.consecutiveVersions, .cache, .legalTransitions]),
        Case(.leaseMargin, .exactlyOnce, within: 10, [.oneAttempt, .oneTaskPerKey]),
        Case(.leaseMargin, .atLeastOnce, within: 10, [.oneAttempt, .oneTaskPerKey]),
        Case(.dedupe, .exactlyOnce, within: 10, [.consecutiveVersions]),
        Case(.dedupe, .atLeastOnce, within: 10, [.consecutiveVersions]),
        Case(.barrier, .exactlyOnce, within: 10, [.consecutiveVersions, .cache]),
        Case(.barrier, .atLeastOnce, within: 10, [.consecutiveVersions, .cache]),
        Case(.fencing, .exactlyOnce, within: 15, [.inputs, .oneAttempt, .consecutiveVersions]),
        Case(.effectsFirst, .atLeastOnce, within: 10, [.notifications]),
        Case(.concurrencyKey, .exactlyOnce, within: 10, [.oneTaskPerKey]),
        Case(.concurrencyKey, .atLeastOnce, within: 10, [.oneTaskPerKey]),
        Case(.reportFencing, .exactlyOnce, within: 20, [.oneAttempt, .oneTaskPerKey, .noRepetition]),
        Case(.appliedInputs, .atLeastOnce, within: 120, [.inputs]),
        Case(.boundGeneration, .exactlyOnce, within: 400, [.inputs, .oneAttempt]),
        Case(.pastOnly, .exactlyOnce, within: 10, [.noRepetition]),
        Case(.offsetsAfterEcho, .atLeastOnce, within: 120, [.inputs, .noRepetition], .lateRecords, steps: 3000),
        Case(.lateZombies, .atLeastOnce, within: 300, [.cache], .lateRecords, steps: 3000),
        Case(.grantUse, .exactlyOnce, within: 10, [.grants], steps: 3000, gated: 90),
        Case(.grantUse, .atLeastOnce, within: 10, [.grants], steps: 3000, gated: 90),
    ]

    @Test("without a rule, the simulation finds what the rule is for and names it", arguments: cases)
    func found(off: Case) throws {
        let violation = (1...off.seeds).lazy.compactMap { seed -> Violation? in
            // The trace is not looked at here, and costs a second run.
            var options = SimulationOptions(
                seed: seed, guarantee: off.guarantee, steps: off.steps, weather: off.weather, gated: off.gated,
                traceLines: 0)
            off.rule.disable(in: &options)
            return SimulationRun(options).report().violation
        }.first
        let invariant = try #require(violation, "not found within \(off.seeds) seeds").invariant
        #expect(off.violates.contains(invariant), "\(violation?.description ?? "")")
    }

    /// Rules whose absence 6,000 seeds have not shown, nor 1,000 with long stalls, attempts that outlive many leases, an
    /// owner held up just before a start, and reports that are read late.
    static let unseen: Set<SimulatedRule> = [.startLease, .reportsHorizon]

    @Test("every rule is accounted for")
    func complete() {
        let tested = Set(Self.cases.map(\.rule))
        #expect(tested.union(Self.unseen) == Set(SimulatedRule.allCases))
        #expect(tested.isDisjoint(with: Self.unseen))
    }
}
