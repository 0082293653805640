import Simulation
import Testing

@Suite struct DeterminismTests {
    private func trace(_ seed: UInt64, _ guarantee: SimulatedGuarantee) -> [String] {
        SimulationRun(SimulationOptions(seed: seed, guarantee: guarantee, keepsTrace: true)).report().trace
    }

    @Test("the same seed gives the same run, line by line", arguments: SimulatedGuarantee.allCases, [UInt64(7), 8])
    func sameSeed(guarantee: SimulatedGuarantee, seed: UInt64) {
        let trace = trace(seed, guarantee)
        #expect(trace.count > 500)
        #expect(self.trace(seed, guarantee) == trace)
    }

    @Test("another seed gives another run, and so does another guarantee")
    func others() {
        #expect(trace(7, .exactlyOnce) != trace(8, .exactlyOnce))
        #expect(trace(7, .exactlyOnce) != trace(7, .atLeastOnce))
    }

    @Test("a violation is found again from its seed, with the trace that leads to it")
    func replay() throws {
        var options = SimulationOptions(seed: 1, guarantee: .atLeastOnce, traceLines: 40)
        SimulatedRule.dedupe.disable(in: &options)
        let first = try #require(SimulationRun(options).report().violation)
        let second = try #require(SimulationRun(options).report().violation)
        #expect(first.description == second.description)
        #expect(first.seed == 1 && first.guarantee == .atLeastOnce && !first.trace.isEmpty)
        #expect(first.trace.count <= 40)
        #expect(first.description.contains(first.invariant.rawValue))
    }
}
