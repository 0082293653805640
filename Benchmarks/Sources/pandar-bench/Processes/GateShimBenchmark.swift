import Foundation
import Synchronization
import TaskModel
import TaskRunner

/// What `pandar-gate` adds to a program that a gate looks at, where no gate is hit: asking the broker, then becoming the
/// program. Both ways in turn inside one sandbox, by the clock of a shell that lives through all of it.
struct GateShimBenchmark: Benchmark {
    let name = "gate_shim"
    let summary = "an ungated call of a gated program in a sandbox, through pandar-gate"

    func run(_ options: BenchOptions) async throws -> [Figure] {
        let scratch = URL(filePath: options.scratch).appending(path: "pandar-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let programs = scratch.appending(path: "programs")
        try FileManager.default.createDirectory(at: programs, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: URL(filePath: "/bin/true").resolvingSymlinksInPath(), to: programs.appending(path: "kubectl"))
        let path = "\(programs.path()):/usr/local/bin:/usr/bin:/bin"
        let host = try SandboxHost(
            path: path, directory: scratch.appending(path: "sandbox").path(),
            initProgram: URL(filePath: options.initProgram).absoluteURL.path())
        defer { host.end() }
        guard host.gateProgram != nil else {
            throw BenchError("There is no pandar-gate beside \(options.initProgram).")
        }
        let output = OutputSink()
        let executor = try ProcessExecutor(
            settings: RunnerSettings(
                runner: "bench", incarnation: "1", path: path, workDirectory: scratch.appending(path: "work").path(),
                isolation: .sandbox(host, SandboxCatalog())),
            sink: output, logger: Console.logger)
        defer { executor.shutdown() }
        let script =
            "for i in $(seq \(Int(options.seconds * 50))); do a=$EPOCHREALTIME; kubectl get pods; b=$EPOCHREALTIME; "
            + "\(programs.path())/kubectl get pods; c=$EPOCHREALTIME; echo ${a/./} ${b/./} ${c/./}; done"
        executor.start(try Self.order("bash -c '\(script)'"), leaseFrom: Uptime.now)
        await output.end()
        let samples = output.lines.dropFirst(10).map { line in line.split(separator: " ").compactMap { Double($0) } }
        guard samples.count > 10, samples.allSatisfy({ $0.count == 3 }) else {
            throw BenchError("The calls did not print their times: \(output.error ?? "no reason is known").")
        }
        let shim = Latencies(samples.map { ($0[1] - $0[0]) / 1000 }).percentile(0.5)
        let direct = Latencies(samples.map { ($0[2] - $0[1]) / 1000 }).percentile(0.5)
        return [
            Figure("gate_shim", shim, "ms", baseline: direct, comparison: "the program called directly, median"),
            Figure("gate_shim_added", shim - direct, "ms"),
        ]
    }

    private static func order(_ command: String) throws -> AttemptOrder {
        guard let id = TaskID("gate-shim") else { throw BenchError("There is no such task.") }
        let request = TaskRequest(
            taskID: id, name: "gate-shim", command: command, projectID: 1,
            metadata: TaskMetadata(approvalPolicy: .autoWithGates, gates: ["infra_change"]))
        return AttemptOrder(
            ref: AttemptRef(taskID: id, attempt: 1), spec: TaskSpec(request, id: id), partition: 0,
            timeoutSeconds: 3600, leaseSeconds: 3600, traceparent: nil)
    }
}

/// What one attempt prints.
private final class OutputSink: AttemptSink {
    private struct State {
        var text = ""
        var error: String?
    }

    private let state = Mutex(State())
    private let (ends, hasEnded) = AsyncStream.makeStream(of: Void.self)

    var lines: [Substring] { state.withLock { $0.text.split(separator: "\n") } }
    var error: String? { state.withLock { $0.error } }

    func end() async { for await _ in ends {} }

    func report(_ report: RunnerReport, of order: AttemptOrder) {
        guard report.kind == .finished else { return }
        state.withLock { $0.error = report.result.error }
        hasEnded.finish()
    }

    func output(_ chunk: OutputChunk, of order: AttemptOrder) {
        if chunk.stream == .stdout { state.withLock { $0.text += chunk.text } }
    }

    func progress(_ event: ProgressEvent, of order: AttemptOrder) {}
}
