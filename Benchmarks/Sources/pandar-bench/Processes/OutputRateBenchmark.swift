import Foundation
import Synchronization
import TaskModel
import TaskRunner

/// A task that prints far more than anybody keeps: how fast the runner takes it in, and so how long it holds up others.
struct OutputRateBenchmark: Benchmark {
    let name = "output_rate"
    let summary = "a task that floods its output, through the runner alone"

    func run(_ options: BenchOptions) async throws -> [Figure] {
        let bytes = options.quick ? 1_000_000_000 : 10_000_000_000
        let flood = "yes 'all work and no play' | head -c \(bytes)"
        let directory = URL(filePath: options.scratch).appending(path: "pandar-bench-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let sink = EndSink()
        let executor = try ProcessExecutor(
            settings: RunnerSettings(
                runner: "bench", incarnation: "1", path: "/usr/local/bin:/usr/bin:/bin", workDirectory: directory),
            sink: sink, logger: Console.logger)
        defer { executor.shutdown() }
        let order = try Self.order("sh -c \"\(flood)\"")
        let seconds = Measure.seconds {
            executor.start(order, leaseFrom: Uptime.now)
            sink.ended.wait()
        }
        guard let end = sink.end.withLock({ $0 }), end.result.outputBytes == bytes else {
            throw BenchError(
                "The flood did not end as it should: \(sink.end.withLock { "\($0?.result.error ?? "-")" })")
        }
        let bare = try Measure.seconds { try Self.shell("\(flood) | cat > /dev/null") }
        let megabyte = 1_000_000.0
        return [
            Figure(
                "output_rate", Double(bytes) / megabyte / seconds, "MB/s",
                baseline: Double(bytes) / megabyte / bare, comparison: "the same into `cat > /dev/null`")
        ]
    }

    private static func order(_ command: String) throws -> AttemptOrder {
        guard let id = TaskID("flood") else { throw BenchError("There is no such task.") }
        let request = TaskRequest(taskID: id, name: "flood", command: command, projectID: 1)
        return AttemptOrder(
            ref: AttemptRef(taskID: id, attempt: 1), spec: TaskSpec(request, id: id), partition: 0,
            timeoutSeconds: 3600, leaseSeconds: 3600, traceparent: nil)
    }

    private static func shell(_ script: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script]
        try process.run()
        process.waitUntilExit()
    }
}

/// Waits for the end of the one attempt.
private final class EndSink: AttemptSink {
    let end = Mutex<RunnerReport?>(nil)
    let ended = DispatchSemaphore(value: 0)

    func report(_ report: RunnerReport, of order: AttemptOrder) {
        guard report.kind == .finished else { return }
        end.withLock { $0 = report }
        ended.signal()
    }

    func output(_ chunk: OutputChunk, of order: AttemptOrder) {}
    func progress(_ event: ProgressEvent, of order: AttemptOrder) {}
}
