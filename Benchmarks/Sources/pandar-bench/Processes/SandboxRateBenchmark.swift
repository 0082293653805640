import Foundation
import Synchronization
import TaskModel
import TaskRunner

/// Sandboxed attempts through the runner, and what bubblewrap takes for the same walls without it.
struct SandboxRateBenchmark: Benchmark {
    let name = "sandbox_rate"
    let summary = "attempts running /bin/true in sandboxes, through the runner alone"

    private static let program = "/bin/true"
    /// Twice what the smallest supported machine has processors: more only wait for each other in the kernel.
    private static let parallel = 4

    func run(_ options: BenchOptions) async throws -> [Figure] {
        let scratch = URL(filePath: options.scratch).appending(path: "pandar-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let host = try SandboxHost(
            path: "/usr/local/bin:/usr/bin:/bin", directory: scratch.appending(path: "sandbox").path(),
            initProgram: URL(filePath: options.initProgram).absoluteURL.path())
        defer { host.end() }
        let profile = SandboxProfile()
        let bare = try BareSandbox(host, profile, scratch, Self.program)
        let runner = try SandboxRunner(host, profile, scratch)
        defer { runner.end() }
        let count = Int(options.seconds * 40)
        // Turn by turn, so that what else the machine does meets both.
        var rates = (own: 0.0, bare: 0.0)
        for _ in 0..<3 {
            rates.bare = max(rates.bare, try bare.rate(count, parallel: Self.parallel))
            rates.own = max(rates.own, try runner.rate(count, Self.program, parallel: Self.parallel))
        }
        // In turn, so that both meet the same machine; the first ones fill caches.
        var alone = (own: [Double](), bare: [Double]())
        for index in 0..<count {
            let bareSeconds = try Measure.seconds { try bare.once() }
            let ownSeconds = try Measure.seconds { try runner.once(Self.program) }
            if index >= 10 {
                alone.bare.append(bareSeconds * 1000)
                alone.own.append(ownSeconds * 1000)
            }
        }
        let bareLatency = Latencies(alone.bare).percentile(0.5)
        let ownLatency = Latencies(alone.own).percentile(0.5)
        return [
            Figure(
                "sandbox_rate", rates.own, "attempts/s", baseline: rates.bare,
                comparison: "bwrap with the same arguments, \(Self.parallel) at a time"),
            Figure(
                "sandbox_latency", ownLatency, "ms", baseline: bareLatency,
                comparison: "bwrap with the same arguments, one at a time, median"),
            Figure("sandbox_added_latency", ownLatency - bareLatency, "ms"),
        ]
    }
}

/// Bubblewrap from a C loop.
private struct BareSandbox {
    private let words: [String]

    init(_ host: SandboxHost, _ profile: SandboxProfile, _ scratch: URL, _ program: String) throws {
        let workspace = scratch.appending(path: "workspace").path()
        let home = scratch.appending(path: "home").path()
        for path in [workspace, home] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        words = host.bareCommandLine(profile, words: [program], workspace: workspace, home: home)
    }

    /// Sandboxes a second.
    func rate(_ count: Int, parallel: Int) throws -> Double {
        let seconds = BareSpawn.seconds(words, count: count, parallel: parallel)
        guard seconds > 0 else { throw BenchError("bwrap did not run its program; is bubblewrap allowed here?") }
        return Double(count) / seconds
    }

    func once() throws { _ = try rate(1, parallel: 1) }
}

/// An executor, and attempts of it as fast as they end.
private final class SandboxRunner: AttemptSink {
    private struct State {
        var number = 0
        var failure: String?
    }

    private let executor = Mutex<ProcessExecutor?>(nil)
    private let state = Mutex(State())
    private let places = DispatchSemaphore(value: 0)

    init(_ host: SandboxHost, _ profile: SandboxProfile, _ scratch: URL) throws {
        let started = try ProcessExecutor(
            settings: RunnerSettings(
                runner: "bench", incarnation: "1", path: "/usr/local/bin:/usr/bin:/bin",
                workDirectory: scratch.appending(path: "work").path(),
                isolation: .sandbox(host, SandboxCatalog(profiles: [profile]))),
            sink: self, logger: Console.logger)
        executor.withLock { $0 = started }
    }

    func end() {
        executor.withLock { executor in
            executor?.shutdown()
            executor = nil
        }
    }

    /// Attempts a second.
    func rate(_ count: Int, _ program: String, parallel: Int) throws -> Double {
        let seconds = try Measure.seconds {
            for index in 0..<count {
                if index >= parallel { places.wait() }
                try start(program)
            }
            for _ in 0..<min(count, parallel) { places.wait() }
        }
        if let failure = state.withLock({ $0.failure }) { throw BenchError("An attempt failed: \(failure)") }
        return Double(count) / seconds
    }

    func once(_ program: String) throws { _ = try rate(1, program, parallel: 1) }

    private func start(_ program: String) throws {
        let number = state.withLock { state in
            state.number += 1
            return state.number
        }
        guard let id = TaskID("sandboxed-\(number)") else { throw BenchError("There is no such task.") }
        let request = TaskRequest(taskID: id, name: "sandboxed", command: program, projectID: 1)
        let order = AttemptOrder(
            ref: AttemptRef(taskID: id, attempt: 1), spec: TaskSpec(request, id: id), partition: 0,
            timeoutSeconds: 3600, leaseSeconds: 3600, traceparent: nil)
        executor.withLock { $0?.start(order, leaseFrom: Uptime.now) }
    }

    func report(_ report: RunnerReport, of order: AttemptOrder) {
        guard report.kind == .finished else { return }
        if report.outcome != .completed {
            state.withLock { $0.failure = "\(report.result.error ?? "without a reason")" }
        }
        places.signal()
    }

    func output(_ chunk: OutputChunk, of order: AttemptOrder) {}
    func progress(_ event: ProgressEvent, of order: AttemptOrder) {}
}
