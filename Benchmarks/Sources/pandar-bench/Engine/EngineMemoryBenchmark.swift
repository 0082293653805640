import TaskEngine
import TaskModel

/// What pending tasks cost in memory.
struct EngineMemoryBenchmark: Benchmark {
    let name = "engine_memory"
    let summary = "resident memory of pending tasks in one partition's engine"

    func run(_ options: BenchOptions) async throws -> [Figure] {
        guard let before = ResidentMemory.bytes() else {
            Console.say("  Left out: this system has no /proc/self/status.")
            return []
        }
        let configuration = EngineConfiguration(partitionCount: 1, runner: "bench", incarnation: "1")
        var engine = PartitionEngine(partition: 0, epoch: 1, configuration: configuration)
        var bytes = 0
        for number in 0..<options.pendingCount {
            let record = SampleTasks.record(number)
            bytes += record.value?.count ?? 0
            let message = try InboundMessage.decode(record)
            _ = engine.handle(.record(record, .success(message), .here), now: SampleTasks.start)
        }
        guard engine.taskCount == options.pendingCount else {
            throw BenchError("The engine did not accept every request.")
        }
        guard let after = ResidentMemory.bytes() else { return [] }
        let megabyte = 1_048_576.0
        return withExtendedLifetime(engine) {
            [
                Figure(
                    "engine_memory_\(options.pendingCount)_pending", Double(after - before) / megabyte, "MiB",
                    baseline: Double(bytes) / megabyte, comparison: "the requests' own bytes")
            ]
        }
    }
}
