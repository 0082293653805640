import Foundation
import Kafka
import TaskModel

/// From the producer's call to the first thing that the task's process does, at 10 tasks a second.
struct StartLatencyBenchmark: Benchmark {
    let name = "request_to_exec"
    let summary = "from produce to the process's own clock, 10 tasks/s"

    private static let rate = 10.0

    func run(_ options: BenchOptions) async throws -> [Figure] {
        let count = Int(options.seconds * 2 * Self.rate)
        let started = try BenchCluster.with(options) { cluster in
            try ServiceHost.with(cluster, options, slots: 4) { _ in
                let arrivals = Arrivals()
                let watch = try StatusWatch(cluster) { records in
                    for record in records { Self.note(record, in: arrivals) }
                }
                defer { watch.close() }
                return try Self.pace(cluster, count, arrivals)
            }
        }
        let consumed = try BenchCluster.with(options) { cluster in
            let arrivals = Arrivals()
            let places = cluster.places(cluster.layout.requests).map { ($0, StartOffset.beginning) }
            let reader = try TopicReader(
                cluster.settings, start: Dictionary(places) { $1 }, logger: Console.logger
            ) { event in
                guard case .records(let records) = event else { return }
                for record in records { arrivals.arrived(String(decoding: record.key ?? [], as: UTF8.self)) }
            }
            defer { reader.close() }
            return try Self.pace(cluster, count, arrivals)
        }
        return [("p50", 0.5), ("p99", 0.99)].map { label, share in
            Figure(
                "request_to_exec_\(label)", started.percentile(share), "ms", baseline: consumed.percentile(share),
                comparison: "produce to consume")
        }
    }

    private static func pace(_ cluster: BenchCluster, _ count: Int, _ arrivals: Arrivals) throws -> Latencies {
        // The program's output is the time at which it ran, in nanoseconds.
        let feed = try Feed(cluster) { SampleTasks.plain($0, command: "date +%s%N") }
        feed.pace(count, rate: rate, warmUp: Int(rate)) { arrivals.sent(SampleTasks.id($0)) }
        try feed.finish()
        try arrivals.progress.wait(for: count)
        return arrivals.latencies
    }

    static func note(_ record: KafkaRecord, in arrivals: Arrivals) {
        guard let value = record.value, let snapshot = try? TaskSnapshot(json: value),
            let nanoseconds = Double(snapshot.state.result.output.filter { !$0.isWhitespace })
        else { return }
        arrivals.arrived(snapshot.id.text, at: nanoseconds / 1e9)
    }
}
