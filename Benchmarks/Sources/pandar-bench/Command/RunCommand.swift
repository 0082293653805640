import ArgumentParser

/// Runs the benchmarks. What the program does without a subcommand.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: "Run the benchmarks (the default).")

    @Option(
        help: """
            Only benchmarks whose name begins so: \(PandarBench.benchmarks.map(\.name).joined(separator: ", ")).
            """)
    var only: String?

    @OptionGroup var options: BenchOptions

    @Option(help: "Where the figures are written as JSON.")
    var output = "bench.json"

    func validate() throws {
        if let only, !PandarBench.benchmarks.contains(where: { $0.name.hasPrefix(only) }) {
            throw ValidationError("No benchmark begins with \(only).")
        }
    }

    func run() async throws {
        var report = Report()
        for benchmark in PandarBench.benchmarks where benchmark.name.hasPrefix(only ?? "") {
            Console.say("\(benchmark.name): \(benchmark.summary)")
            for figure in try await benchmark.run(options) { report.add(figure) }
        }
        try report.write(to: output)
        Console.say("Written to \(output).")
    }
}
