import Kafka

/// How no-op tasks fare with 4 slots and one partition while one of the slots is taken by a slow task.
struct SlowTaskBenchmark: Benchmark {
    let name = "noop_behind_slow"
    let summary = "no-op tasks, 4 slots, one partition, behind one task of 20 s"

    private static let rate = 20.0
    private static let slowID = "slow"

    func run(_ options: BenchOptions) async throws -> [Figure] {
        let seconds = options.quick ? 5.0 : 20
        let alone = try latencies(options, slowSeconds: nil, seconds: seconds)
        let behind = try latencies(options, slowSeconds: seconds, seconds: seconds)
        return [("p50", 0.5), ("p99", 0.99)].map { label, share in
            Figure(
                "noop_behind_slow_\(label)", behind.percentile(share), "ms", baseline: alone.percentile(share),
                comparison: "the same without the slow task")
        }
    }

    /// Request to `completed`, as another program sees it.
    private func latencies(_ options: BenchOptions, slowSeconds: Double?, seconds: Double) throws -> Latencies {
        try BenchCluster.with(options, partitions: 1) { cluster in
            let behaviour = slowSeconds.map { NoopExecutor.Behaviour.endBut(Self.slowID, seconds: $0) } ?? .end
            return try ServiceHost.with(
                cluster, options, slots: 4, makeExecutor: { NoopExecutor(behaviour, $0, $1) }
            ) { _ in
                if slowSeconds != nil { try start(cluster) }
                let arrivals = Arrivals()
                let watch = try StatusWatch(cluster) { records in
                    for record in records { arrivals.arrived(String(decoding: record.key ?? [], as: UTF8.self)) }
                }
                defer { watch.close() }
                let feed = try Feed(cluster, SampleTasks.sent)
                // Over a little before the slow task is.
                let count = Int(Self.rate * seconds * 0.9)
                feed.pace(count, rate: Self.rate, warmUp: Int(Self.rate)) { arrivals.sent(SampleTasks.id($0)) }
                try feed.finish()
                try arrivals.progress.wait(for: count)
                return arrivals.latencies
            }
        }
    }

    /// Starts the slow task and waits until it runs.
    private func start(_ cluster: BenchCluster) throws {
        let isRunning = Progress(window: 1)
        let watch = try StatusWatch(cluster, status: "running") { isRunning.done($0.count) }
        defer { watch.close() }
        let feed = try Feed(cluster) { _ in SampleTasks.sent(0, id: Self.slowID) }
        feed.flood(Progress(window: 1), limit: 1)
        try feed.finish()
        try isRunning.wait(for: 1)
    }
}
