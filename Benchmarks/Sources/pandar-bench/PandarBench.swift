import ArgumentParser

/// Prints Pandar's figures beside the machine's own limits, and writes them to a file.
@main
struct PandarBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pandar-bench",
        abstract: "Measures Pandar and prints each figure beside the machine's own limit.",
        discussion: """
            Build it in release configuration, on a machine that does nothing else. Examples:

              pandar-bench                         all figures, into bench.json
              pandar-bench --only cache --tasks 100000
            """)

    @Option(help: "Only benchmarks whose name begins so: \(benchmarks.map(\.name).joined(separator: ", ")).")
    var only: String?

    @OptionGroup var options: BenchOptions

    @Option(help: "Where the figures are written as JSON.")
    var output = "bench.json"

    /// In the order in which they run: memory first, while the heap has no free pages that would hide what is taken.
    static var benchmarks: [any Benchmark] {
        [EngineMemoryBenchmark(), EngineRateBenchmark(), JSONBenchmark(), CacheBenchmark()]
    }

    func validate() throws {
        if let only, !Self.benchmarks.contains(where: { $0.name.hasPrefix(only) }) {
            throw ValidationError("No benchmark begins with \(only).")
        }
    }

    func run() async throws {
        var report = Report()
        for benchmark in Self.benchmarks where benchmark.name.hasPrefix(only ?? "") {
            Console.say("\(benchmark.name): \(benchmark.summary)")
            for figure in try await benchmark.run(options) { report.add(figure) }
        }
        try report.write(to: output)
        Console.say("Written to \(output).")
    }
}

/// What benchmarks share of the command line.
struct BenchOptions: ParsableArguments {
    @Option(help: "Tasks in the cache when its latencies are taken.")
    var tasks = 1_000_000

    @Option(help: "Pending tasks in the engine when its memory is taken.")
    var pending = 100_000

    @Option(help: "A folder for files of the run; it needs about 2 GB for a million tasks.")
    var scratch = "/tmp"
}
