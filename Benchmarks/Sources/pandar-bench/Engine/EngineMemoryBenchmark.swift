import TaskEngine
import TaskModel

/// What tasks cost in memory that wait: for a decision, or for a slot.
struct EngineMemoryBenchmark: Benchmark {
    let name = "engine_memory"
    let summary = "resident memory of waiting and of pending tasks in one partition's engine"

    private static let waitingCount = 10_000
    private static let megabyte = 1_048_576.0

    func run(_ options: BenchOptions) async throws -> [Figure] {
        guard ResidentMemory.bytes() != nil else {
            Console.say("  Left out: this system has no /proc/self/status.")
            return []
        }
        let waiting = try Self.fill(Self.waitingCount, until: .waitingConfirmation) { number in
            let request = SampleTasks.plain(number, command: "codex audit --fix", policy: "manual")
            return InboundRecord(
                channel: .requests, topic: "pandar.task-requests", partition: 0, offset: Int64(number),
                key: Array(request.id.utf8), value: request.json, timestamp: SampleTasks.start)
        }
        // Kept while the others are made: what it would free hides what they take.
        let pending = try withExtendedLifetime(waiting.engine) {
            try Self.fill(options.pendingCount, until: .pending, SampleTasks.record)
        }
        return [
            Figure(
                "engine_memory_\(Self.waitingCount)_waiting", waiting.taken, "MiB", baseline: waiting.sent,
                comparison: "the requests' own bytes"),
            Figure(
                "engine_memory_\(options.pendingCount)_pending", pending.taken, "MiB", baseline: pending.sent,
                comparison: "the requests' own bytes"),
        ]
    }

    /// An engine with that many tasks in that state, with what it takes and what was sent, in MiB.
    private static func fill(
        _ count: Int, until status: TaskStatus, _ record: (Int) -> InboundRecord
    ) throws -> (engine: PartitionEngine, taken: Double, sent: Double) {
        let before = ResidentMemory.bytes() ?? 0
        let configuration = EngineConfiguration(partitionCount: 1, runner: "bench", incarnation: "1")
        var engine = PartitionEngine(partition: 0, epoch: 1, configuration: configuration)
        var bytes = 0
        var states: [TaskStatus: Int] = [:]
        for number in 0..<count {
            let record = record(number)
            bytes += record.value?.count ?? 0
            let message = try InboundMessage.decode(record)
            let effects = engine.handle(.record(record, .success(message), .here), now: SampleTasks.start)
            let last = effects.lazy.compactMap { if case .publish(let snapshot) = $0 { snapshot } else { nil } }.last
            if let last { states[last.state.status, default: 0] += 1 }
        }
        guard states[status] == count else {
            throw BenchError("Not every request became \(status.rawValue): \(states).")
        }
        let after = ResidentMemory.bytes() ?? before
        return (engine, Double(after - before) / megabyte, Double(bytes) / megabyte)
    }
}
