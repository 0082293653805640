import CBaselines

/// Tasks that run `/bin/true` through the whole loop, and what starting that program costs without it.
struct TrueRateBenchmark: Benchmark {
    let name = "true_rate"
    let summary = "tasks running /bin/true through the whole loop"

    private static let program = "/bin/true"
    /// A slot is taken from the commit that starts a task to the one that ends it, which is longer than the process
    /// lives: with fewer the figure would be that of the commits' latency.
    private static let slots = 64

    func run(_ options: BenchOptions) async throws -> [Figure] {
        let rate = try BenchCluster.with(options) { cluster in
            try ServiceHost.with(cluster, options, slots: Self.slots) { _ in
                try LoadRate.measure(cluster, window: 4 * Self.slots, seconds: options.seconds) {
                    SampleTasks.plain($0, command: Self.program)
                }
            }
        }
        let count = Int(options.seconds * 500)
        let bare = try Self.rate(count) { BareSpawn.seconds([Self.program], count: count, parallel: Self.slots) }
        let own = try Self.rate(count) { try SpawnShim.run(Self.program, count: count, parallel: Self.slots) }
        return [
            Figure(
                "true_rate", rate.tasksPerSecond, "tasks/s", baseline: bare,
                comparison: "posix_spawn, \(Self.slots) at a time"),
            Figure(
                "spawn_rate", own, "processes/s", baseline: bare,
                comparison: "posix_spawn, \(Self.slots) at a time"),
        ]
    }

    private static func rate(_ count: Int, _ run: () throws -> Double) throws -> Double {
        let seconds = try (0..<3).map { _ in try run() }.min() ?? -1
        guard seconds > 0 else { throw BenchError("\(program) could not be started.") }
        return Double(count) / seconds
    }
}
