import Foundation
import Kafka
import Synchronization
import TaskModel

/// From an approver's call of his producer to the first thing that the task's process does, at 10 decisions a second.
struct DecisionLatencyBenchmark: Benchmark {
    let name = "decision_to_exec"
    let summary = "from a published approval to the process's own clock, 10 decisions/s"

    private static let rate = 10.0
    private static let warmUp = 10

    func run(_ options: BenchOptions) async throws -> [Figure] {
        let count = Int(options.seconds * 2 * Self.rate)
        let resumed = try BenchCluster.with(options) { cluster in
            try ServiceHost.with(cluster, options, slots: 4) { _ in try Self.decide(count, cluster) }
        }
        let consumed = try BenchCluster.with(options) { cluster in
            let arrivals = Arrivals()
            let places = cluster.places(cluster.layout.confirmations).map { ($0, StartOffset.beginning) }
            let reader = try TopicReader(
                cluster.settings, start: Dictionary(places) { $1 }, logger: Console.logger
            ) { event in
                guard case .records(let records) = event else { return }
                for record in records { arrivals.arrived(String(decoding: record.key ?? [], as: UTF8.self)) }
            }
            defer { reader.close() }
            let questions = (0..<Self.warmUp + count).map { SampleTasks.id($0) + "/2" }
            return try Self.publish(questions, cluster, arrivals)
        }
        return [("p50", 0.5), ("p99", 0.99)].map { label, share in
            Figure(
                "decision_to_exec_\(label)", resumed.percentile(share), "ms", baseline: consumed.percentile(share),
                comparison: "produce to consume")
        }
    }

    /// Lets all tasks ask, then answers them one after the other.
    private static func decide(_ count: Int, _ cluster: BenchCluster) throws -> Latencies {
        let total = warmUp + count
        let asked = Mutex<[String: String]>([:])
        let progress = Progress(window: .max)
        let waiting = try StatusWatch(cluster, status: "waiting_confirmation") { records in
            let questions = records.compactMap { $0.value.flatMap { try? TaskSnapshot(json: $0) } }
            let known = asked.withLock { asked in
                for question in questions { asked[question.id.text] = question.state.confirmation?.id }
                return asked.count
            }
            progress.done(known - progress.completed)
        }
        defer { waiting.close() }
        let feed = try Feed(cluster) { SampleTasks.plain($0, command: "date +%s%N", policy: "manual") }
        feed.flood(Progress(window: .max), limit: total)
        try feed.finish()
        try progress.wait(for: total)
        let arrivals = Arrivals()
        let completed = try StatusWatch(cluster) { records in
            for record in records { StartLatencyBenchmark.note(record, in: arrivals) }
        }
        defer { completed.close() }
        let known = asked.withLock { $0 }
        return try publish((0..<total).compactMap { known[SampleTasks.id($0)] }, cluster, arrivals)
    }

    private static func publish(
        _ questions: [String], _ cluster: BenchCluster, _ arrivals: Arrivals
    ) throws -> Latencies {
        let feed = try Feed(cluster, topic: cluster.layout.confirmations) { number in
            let id = SampleTasks.id(number)
            return TaskRequestRecord(
                id: id,
                json: Array(
                    """
                    {"confirmation_id":"\(questions[number])","task_id":"\(id)","decision":"approve","actor":"ann"}
                    """.utf8))
        }
        feed.pace(questions.count - warmUp, rate: rate, warmUp: warmUp) { arrivals.sent(SampleTasks.id($0)) }
        try feed.finish()
        try arrivals.progress.wait(for: questions.count - warmUp)
        return arrivals.latencies
    }
}
