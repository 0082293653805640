import Simulation
import Testing

@Suite struct SoundRunsTests {
    @Test("with all rules on, no invariant is violated", arguments: SimulatedGuarantee.allCases, [UInt64(1), 11, 21])
    func noViolation(guarantee: SimulatedGuarantee, first: UInt64) {
        for seed in first..<(first + 10) {
            let report = SimulationRun(SimulationOptions(seed: seed, guarantee: guarantee)).report()
            #expect(report.violation == nil, "\(report.violation?.description ?? "")")
            // A run in which nothing happens proves nothing.
            #expect(report.tasks > 5 && report.snapshots > 30 && report.deadLetters > 0, "seed \(seed)")
        }
    }

    @Test("nor where attempts ask at gates and act on approvals", arguments: SimulatedGuarantee.allCases, Weather.all)
    func gates(guarantee: SimulatedGuarantee, weather: Weather) {
        var acts = 0
        for seed in UInt64(1)...12 {
            let options = SimulationOptions(
                seed: seed, guarantee: guarantee, steps: 2500, weather: weather, gated: 80)
            let report = SimulationRun(options).report()
            #expect(report.violation == nil, "\(report.violation?.description ?? "")")
            acts += report.acts
        }
        #expect(acts > 20, "\(acts) acts prove little")
    }

    @Test("nor while many records arrive late", arguments: SimulatedGuarantee.allCases)
    func lateRecords(guarantee: SimulatedGuarantee) {
        for seed in UInt64(1)...10 {
            let options = SimulationOptions(seed: seed, guarantee: guarantee, steps: 3000, weather: .lateRecords)
            let report = SimulationRun(options).report()
            #expect(report.violation == nil, "\(report.violation?.description ?? "")")
        }
    }
}
