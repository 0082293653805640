public import ArgumentParser
public import Simulation

/// `pandar-simulate`: runs the simulated service over many seeds, or one again.
@main
struct PandarSimulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pandar-simulate",
        abstract: "Runs Pandar's deterministic simulation.",
        discussion: """
            A run is all there is to know about a seed: the same seed gives the same run, step by step. Exits with 1 \
            when an invariant is violated, and prints the seed that shows it.

            EXAMPLES:
              pandar-simulate --seeds 1000
              pandar-simulate --seed 42 --trace
              pandar-simulate --seeds 100 --disable fencing
            """)

    @Option(help: "Run this seed only.")
    var seed: UInt64?

    @Option(help: "How many seeds to run.")
    var seeds: UInt64 = 100

    @Option(help: "The first seed.")
    var start: UInt64 = 1

    @Option(help: "Steps with faults in each run.")
    var steps: Int = 1500

    @Option(help: "exactly_once, at_least_once or both.")
    var guarantee: Choice = .both

    @Option(help: "Switch a rule off, to see what it is for. May be repeated.")
    var disable: [SimulatedRule] = []

    @Option(help: "What goes wrong most: \(Weather.named.keys.sorted().joined(separator: ", ")).")
    var weather = "ordinary"

    @Option(help: "Tasks in 100 whose attempts ask at gates, of those that start unasked.")
    var gated = 30

    @Flag(help: "Print every line of the run.")
    var trace = false

    enum Choice: String, ExpressibleByArgument, CaseIterable {
        case exactlyOnce = "exactly_once"
        case atLeastOnce = "at_least_once"
        case both

        var guarantees: [SimulatedGuarantee] {
            switch self {
            case .exactlyOnce: [.exactlyOnce]
            case .atLeastOnce: [.atLeastOnce]
            case .both: SimulatedGuarantee.allCases
            }
        }
    }

    func validate() throws {
        guard steps > 0 else { throw ValidationError("--steps must be at least 1.") }
        guard (0...100).contains(gated) else { throw ValidationError("--gated must be from 0 to 100.") }
        guard Weather.named[weather] != nil else { throw ValidationError("There is no weather \(weather).") }
    }

    func run() throws {
        let all = seed.map { $0...$0 } ?? start...(start &+ max(seeds, 1) - 1)
        let began = ContinuousClock.now
        var totals = Totals()
        for seed in all {
            for guarantee in guarantee.guarantees {
                let report = SimulationRun(options(seed, guarantee)).report()
                totals.add(report)
                for line in report.trace { print(line) }
                if let violation = report.violation {
                    print(violation)
                    print("replay: pandar-simulate --seed \(seed) --guarantee \(guarantee.rawValue) --trace\(replayed)")
                    throw ExitCode(1)
                }
            }
        }
        totals.print(seeds: all.count, in: ContinuousClock.now - began)
    }

    private func options(_ seed: UInt64, _ guarantee: SimulatedGuarantee) -> SimulationOptions {
        var options = SimulationOptions(seed: seed, guarantee: guarantee, steps: steps, keepsTrace: trace)
        options.gated = gated
        options.weather = Weather.named[weather] ?? .ordinary
        for rule in disable { rule.disable(in: &options) }
        return options
    }

    /// What must be repeated to see the same run.
    private var replayed: String {
        " --steps \(steps) --gated \(gated) --weather \(weather)" + disable.map { " --disable \($0.rawValue)" }.joined()
    }
}

extension SimulatedRule: ExpressibleByArgument {}

private struct Totals {
    private var runs = 0
    private var steps = 0
    private var inputs = 0
    private var tasks = 0
    private var deadLetters = 0
    private var snapshots = 0
    private var acts = 0

    mutating func add(_ report: SimulationRun.Report) {
        runs += 1
        steps += report.steps
        inputs += report.inputs
        tasks += report.tasks
        deadLetters += report.deadLetters
        snapshots += report.snapshots
        acts += report.acts
    }

    func print(seeds: Int, in duration: Duration) {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        let rate = seconds > 0 ? Double(seeds) / seconds : 0
        Swift.print(
            "no violation in \(seeds) seeds (\(runs) runs): \(steps) steps, \(inputs) inputs, \(tasks) tasks, "
                + "\(deadLetters) dead letters, \(snapshots) snapshots, \(acts) acts; \(Int(rate.rounded())) seeds per second"
        )
    }
}
