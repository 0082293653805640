internal import TaskEngine
internal import TaskModel

/// One run of the simulated service: seed in, whole run out.
public struct SimulationRun: Sendable {
    /// What a run came to.
    public struct Report: Sendable {
        public let violation: Violation?
        /// Steps with faults, and those it took to become quiet.
        public let steps: Int
        public let inputs: Int
        public let deadLetters: Int
        public let tasks: Int
        /// Accepted snapshots.
        public let snapshots: Int
        /// Gated things that were done.
        public let acts: Int
        /// All lines, if they were kept.
        public let trace: [String]
    }

    /// Calm steps until a run must be quiet. One is 120 ms; the longest task with all its repetitions, one slot at a
    /// time, takes less.
    private static let patience = 1500

    private let options: SimulationOptions

    public init(_ options: SimulationOptions) {
        self.options = options
    }

    /// Runs, and runs again with a trace when something was violated: traces cost more than the run itself.
    public func report() -> Report {
        var silent = options
        if !options.keepsTrace { silent.traceLines = 0 }
        let report = Self.run(silent)
        guard report.violation != nil, !options.keepsTrace, options.traceLines > 0 else { return report }
        return Self.run(options)
    }

    private static func run(_ options: SimulationOptions) -> Report {
        let world = World(options)
        let checks = world.environment.checks
        var step = 0
        while checks.failure == nil, step < options.steps {
            step += 1
            world.environment.trace.step = step
            world.step()
        }
        if checks.failure == nil {
            world.calmDown()
            while checks.failure == nil, step < options.steps + patience, !world.isQuiet {
                step += 1
                world.environment.trace.step = step
                world.calmStep()
            }
            if checks.failure == nil { world.checkEnd() }
        }
        let trace = world.environment.trace
        return Report(
            violation: checks.failure.map {
                Violation(
                    invariant: $0.invariant, message: $0.message, seed: options.seed, step: step,
                    guarantee: options.guarantee, trace: trace.tail)
            },
            steps: step, inputs: checks.inputs.sentCount, deadLetters: checks.inputs.deadLetterCount,
            tasks: checks.fold.tasks.count, snapshots: checks.history.acceptedVersions,
            acts: checks.actCount,
            trace: options.keepsTrace ? trace.lines : [])
    }
}
