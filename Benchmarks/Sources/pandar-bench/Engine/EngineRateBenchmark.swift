import TaskEngine
import TaskModel

/// Tasks that do nothing through one partition's engine alone: request, start, report, end.
struct EngineRateBenchmark: Benchmark {
    let name = "engine_rate"
    let summary = "no-op tasks through one partition's engine, no broker and no process"

    func run(_ options: BenchOptions) async throws -> [Figure] {
        let count = 100_000
        let inputs = (0..<count).map { number -> Input in
            let record = SampleTasks.record(number)
            do throws(ContractViolation) {
                return .record(record, .success(try InboundMessage.decode(record)), .here)
            } catch {
                return .record(record, .failure(error), .here)
            }
        }
        let rate = Measure.rate(of: count) { Self.pass(inputs) }
        return [Figure("engine_noop_rate", rate, "tasks/s")]
    }

    /// Takes the inputs in by batches, as the owner loop does, and ends each task that it starts.
    private static func pass(_ inputs: [Input]) {
        let configuration = EngineConfiguration(partitionCount: 1, runner: "bench", incarnation: "1")
        var engine = PartitionEngine(partition: 0, epoch: 1, configuration: configuration)
        var now = SampleTasks.start
        for batch in stride(from: 0, to: inputs.count, by: 500) {
            let end = min(batch + 500, inputs.count)
            for input in inputs[batch..<end] { _ = engine.handle(input, now: now) }
            now = now.adding(milliseconds: 1)
            for effect in engine.handle(.slots(end - batch), now: now) {
                guard case .start(let order) = effect else { continue }
                let report = RunnerReport(
                    ref: order.ref, runner: "bench", incarnation: "1", kind: .finished,
                    progress: TaskProgress(percent: 100), outcome: .completed,
                    result: AttemptResult(exitCode: 0, duration: 1), at: now)
                for case .publish(let snapshot) in engine.handle(.report(report), now: now) {
                    _ = engine.handle(.folded(snapshot.id, snapshot.order), now: now)
                }
            }
        }
    }
}
