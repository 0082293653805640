import Foundation
import Kafka
import TaskModel
import TaskService

/// What a whole service takes up with many tasks: engines, cache, client, in a process of its own.
struct ServiceMemoryBenchmark: Benchmark {
    let name = "service_memory"
    let summary = "resident memory of a whole service process"

    /// Requests a second: slow enough for the tail, which nothing else holds back while no task starts.
    private static let rate = 4000.0

    func run(_ options: BenchOptions) async throws -> [Figure] {
        guard ResidentMemory.bytes() != nil else {
            Console.say("  Left out: this system has no /proc/self/status.")
            return []
        }
        let running = min(10_000, options.pendingCount / 10)
        return [
            try measure(options, "running", count: running, slots: running),
            // One attempt that stays holds the only slot: without any slot the service would join no group.
            try measure(options, "pending", count: options.pendingCount, slots: 1),
        ]
    }

    private func measure(_ options: BenchOptions, _ state: String, count: Int, slots: Int) throws -> Figure {
        try BenchCluster.with(options) { cluster in
            let child = try ChildProcess([
                "memory", "--bootstrap", cluster.settings.bootstrapServers, "--prefix", cluster.layout.prefix,
                "--partitions", "\(cluster.layout.partitions)", "--slots", "\(slots)", "--scratch", options.scratch,
                "--delivery", cluster.guarantee.rawValue,
            ])
            defer { child.close() }
            let idle = try Self.answer(child).bytes
            let progress = Progress(window: .max)
            let watch = try StatusWatch(cluster, status: state) { progress.done($0.count) }
            defer { watch.close() }
            let feed = try Feed(cluster, SampleTasks.sent)
            feed.trickle(count, rate: Self.rate)
            try feed.finish()
            try progress.wait(for: count)
            let bytes = try Self.settled(child, tasks: count)
            let megabyte = 1_048_576.0
            return Figure(
                "service_memory_\(count)_\(state)", Double(bytes) / megabyte, "MiB",
                baseline: Double(idle) / megabyte, comparison: "the same service without tasks")
        }
    }

    /// The memory once all tasks are held and the tail has had time to fold them.
    private static func settled(_ child: ChildProcess, tasks: Int) throws -> Int {
        var held = 0
        for _ in 0..<30 {
            Thread.sleep(forTimeInterval: 2)
            try child.tell("")
            let answer = try answer(child)
            if answer.tasks == tasks, held == tasks { return answer.bytes }
            held = answer.tasks
        }
        throw BenchError("The service holds \(held) of \(tasks) tasks.")
    }

    private static func answer(_ child: ChildProcess) throws -> (bytes: Int, tasks: Int) {
        let numbers = try child.line().split(separator: " ").compactMap { Int($0) }
        guard numbers.count == 2 else { throw BenchError("The service's process said something unexpected.") }
        return (numbers[0], numbers[1])
    }
}
