public import TaskEngine

/// The delivery guarantee that a run simulates.
public enum SimulatedGuarantee: String, Sendable, CaseIterable {
    case exactlyOnce = "exactly_once"
    case atLeastOnce = "at_least_once"
}

/// What a run is made of. Two runs with equal options are equal, step by step.
public struct SimulationOptions: Sendable {
    public var seed: UInt64
    public var guarantee: SimulatedGuarantee
    /// Steps with faults; afterwards the run goes on without faults until it is quiet.
    public var steps: Int
    /// Inputs that the actors send at most.
    public var inputs: Int
    public var engineRules: EngineRules
    public var shellRules: ShellRules
    public var weather: Weather
    /// Tasks in 100 of those that need no approval to start whose attempts ask at gates.
    public var gated: Int
    /// Trace lines that a violation shows.
    public var traceLines: Int
    /// Keep every trace line, not only the last ones.
    public var keepsTrace: Bool

    public init(
        seed: UInt64, guarantee: SimulatedGuarantee, steps: Int = 1500, inputs: Int = 40,
        engineRules: EngineRules = .all, shellRules: ShellRules = .all, weather: Weather = .ordinary,
        gated: Int = 0, traceLines: Int = 60, keepsTrace: Bool = false
    ) {
        self.seed = seed
        self.guarantee = guarantee
        self.steps = steps
        self.inputs = inputs
        self.engineRules = engineRules
        self.shellRules = shellRules
        self.weather = weather
        self.gated = gated
        self.traceLines = traceLines
        self.keepsTrace = keepsTrace
    }
}
