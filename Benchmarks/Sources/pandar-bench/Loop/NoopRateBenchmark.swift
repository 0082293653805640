import TaskModel

/// Tasks that do nothing through the whole loop: request on the topic, `completed` snapshot on the topic.
struct NoopRateBenchmark: Benchmark {
    let name = "noop_rate"
    let summary = "no-op tasks through the whole loop, no process"

    /// Tasks under way: enough for full commits, little enough for the embedded broker's 5 MiB a partition.
    private static let window = 4000
    private static let slots = 1000

    func run(_ options: BenchOptions) async throws -> [Figure] {
        let (rate, records) = try BenchCluster.with(options) { cluster in
            try ServiceHost.with(
                cluster, options, slots: Self.slots, makeExecutor: { NoopExecutor(.end, $0, $1) }
            ) { _ in
                let records = try TaskRecords.capture(cluster, SampleTasks.sent(-1))
                let rate = try LoadRate.measure(
                    cluster, window: Self.window, seconds: options.seconds, SampleTasks.sent)
                return (rate, records)
            }
        }
        let raw = try BenchCluster.with(options) { cluster in
            try RawMover.with(cluster, outputs: records) {
                try LoadRate.measure(cluster, window: Self.window, seconds: options.seconds, SampleTasks.sent)
            }
        }
        return [
            Figure(
                "noop_rate", rate.tasksPerSecond, "tasks/s", baseline: raw.tasksPerSecond,
                comparison: "plain librdkafka loop, \(records.count) records out"),
            Figure(
                "noop_cpu", rate.cpuMicroseconds, "µs/task", baseline: raw.cpuMicroseconds,
                comparison: "plain librdkafka loop, both with feed and watch"),
        ]
    }
}
