internal import Gates
internal import TaskEngine
internal import TaskModel

/// What all parts of a run share: chance, true time, the broker, the checks, the trace.
final class Environment {
    let options: SimulationOptions
    var random: SplitMix64
    /// True time in milliseconds, which nobody in the run can read.
    var now: Int64 = 0
    /// Whether things go wrong; off once the run is to become quiet.
    var hasFaults = true
    let broker: Broker
    let checks: Checks
    var trace: Trace

    init(_ options: SimulationOptions) {
        self.options = options
        random = SplitMix64(seed: options.seed)
        broker = Broker(fencing: options.shellRules.contains(.fencing))
        checks = Checks()
        trace = Trace(limit: options.traceLines, keepsAll: options.keepsTrace)
    }

    /// True in `percent` of 100 cases while there are faults.
    func fault(_ percent: Int) -> Bool {
        hasFaults && random.chance(percent)
    }

    func note(_ text: @autoclosure () -> String) {
        trace.add(now, text())
    }

    func has(_ rule: ShellRules) -> Bool {
        options.shellRules.contains(rule)
    }
}

/// The run's durations in milliseconds: the service's, made shorter by about ten, so that a run of a minute holds many
/// leases, sessions and time-outs.
enum Timing {
    static let partitions: Int32 = 3
    static let leaseSeconds = 3
    static let leaseMarginSeconds = 1
    /// Killing an attempt takes at most so long. With the clocks' rates it must fit into the margin.
    static let killing: ClosedRange<Int64> = 0...200
    /// How much faster or slower a clock may run, in millionths.
    static let rates: ClosedRange<Int64> = -20_000...20_000
    static let offsets: ClosedRange<Int64> = -3000...3000
    static let heartbeat: Int64 = 600
    static let resend: Int64 = 800
    static let proof = Int64(leaseSeconds) * 1000 / 4
    static let session: Int64 = 1500
    static let rebalance: Int64 = 1000
    static let revocation: Int64 = 700
    static let transaction: Int64 = 2000
    static let fault: ClosedRange<Int64> = 200...6000
    static let attempt: ClosedRange<Int64> = 20...6000
    static let start: Int64 = 1_800_000_000_000

    static func configuration(of instance: String, incarnation: Int, _ options: SimulationOptions)
        -> EngineConfiguration
    {
        var configuration = EngineConfiguration(
            partitionCount: partitions, runner: instance, incarnation: String(incarnation), leaseSeconds: leaseSeconds,
            leaseMarginSeconds: leaseMarginSeconds, defaultTimeoutSeconds: 5,
            backoff: RetryBackoff(base: 200, maximum: 2000), ageingSeconds: 20, confirmationSeconds: 10,
            progressIntervalMilliseconds: 1000, startsAfterEcho: options.guarantee == .atLeastOnce,
            rules: options.engineRules)
        configuration.gates = SimulatedGates.catalog
        configuration.parkAfterSeconds = 1
        // Said in every snapshot, and so read back by every new owner.
        configuration.sandbox = .strict
        return configuration
    }
}

/// An instance's clock: off by a constant, and a little too fast or too slow.
struct SimulatedClock {
    let offset: Int64
    /// Millionths.
    let rate: Int64

    func local(_ trueTime: Int64) -> Int64 {
        Timing.start + offset + trueTime + trueTime * rate / 1_000_000
    }

    /// The first true moment at which the clock shows at least `local`.
    func trueTime(_ local: Int64) -> Int64 {
        let elapsed = local - Timing.start - offset
        var guess = elapsed * 1_000_000 / (1_000_000 + rate)
        while self.local(guess) < local { guess += 1 }
        return guess
    }
}
