import ArgumentParser

/// Prints Pandar's figures beside the machine's own limits, and writes them to a file.
@main
struct PandarBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pandar-bench",
        abstract: "Measures Pandar and prints each figure beside the machine's own limit.",
        discussion: """
            Build it in release configuration, on a machine that does nothing else. Examples:

              pandar-bench                                 all figures, into bench.json
              pandar-bench --quick                         whether all of it works
              pandar-bench --only cache --tasks 100000
              pandar-bench --only noop --bootstrap kafka:9092
            """,
        subcommands: [RunCommand.self, BrokerCommand.self, MemoryCommand.self], defaultSubcommand: RunCommand.self)

    /// In the order in which they run: memory first, while the heap has no free pages that would hide what is taken.
    static var benchmarks: [any Benchmark] {
        [
            EngineMemoryBenchmark(), EngineRateBenchmark(), PolicyBenchmark(), AuthorizationBenchmark(),
            JSONBenchmark(), NoopRateBenchmark(), SlowTaskBenchmark(), TrueRateBenchmark(), SandboxRateBenchmark(),
            GateShimBenchmark(), OutputRateBenchmark(), StartLatencyBenchmark(), DecisionLatencyBenchmark(),
            ServiceMemoryBenchmark(), CacheBenchmark(),
        ]
    }
}
