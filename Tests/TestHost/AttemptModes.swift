import Foundation
import Synchronization
import TaskModel
import TaskRunner

/// What the host does with attempts.
enum AttemptModes {
    static func executor(_ sink: HostSink, isSandboxed: Bool = false) throws -> ProcessExecutor {
        let directory = FileManager.default.currentDirectoryPath
        let isolation: Isolation =
            isSandboxed
            ? .sandbox(
                try SandboxHost(path: "/usr/bin:/bin", directory: "\(directory)/sandbox"), SandboxCatalog()) : .none
        return try ProcessExecutor(
            settings: RunnerSettings(
                runner: "host", incarnation: "1", path: "/usr/bin:/bin",
                workDirectory: "\(directory)/work", heartbeatSeconds: 1, killGraceSeconds: 1, isolation: isolation),
            sink: sink, logger: TestHost.logger)
    }

    static func start(_ command: String, _ id: String, on executor: ProcessExecutor) throws {
        guard let id = TaskID(id) else { throw TestHost.UnknownMode() }
        let request = TaskRequest(taskID: id, name: "Test", command: command, projectID: 1)
        let order = AttemptOrder(
            ref: AttemptRef(taskID: id, attempt: 1), spec: TaskSpec(request, id: id), partition: 0,
            timeoutSeconds: 600, leaseSeconds: 600)
        executor.start(order, leaseFrom: Uptime.now)
    }

    /// Until it is killed, or whoever started it is gone.
    static func runOne(_ command: String, isSandboxed: Bool) throws {
        let executor = try executor(HostSink(prints: true), isSandboxed: isSandboxed)
        try start(command, "one", on: executor)
        let parent = getppid()
        while getppid() == parent { poll(nil, 0, 1000) }
        executor.shutdown()
    }

    /// Attempts that succeed, fail, cannot start, print, leave files behind and are cancelled.
    static func runMany(_ count: Int, isSandboxed: Bool) throws {
        let sink = HostSink(prints: false)
        let executor = try executor(sink, isSandboxed: isSandboxed)
        try start("true", "warm-up", on: executor)
        sink.waitForEnds(1)
        let before = Holdings()
        // Told apart from everybody else's in the machine's table of processes.
        let seconds = "600.\(getpid())"
        var commands = [
            "true", "false", "no-such-program", "echo text", "mkdir -p a/b/c",
            "sh -c $'sleep \(seconds) & sleep \(seconds)'",
            "sh -c $'echo $$; kill -9 $$'", "head -c 300000 /dev/zero",
        ]
        if isSandboxed { commands.append("sh -c $'trap \\'\\' TERM HUP; setsid sleep \(seconds) > /dev/null 2>&1 &'") }
        for index in 0..<count {
            try start(commands[index % commands.count], "task-\(index)", on: executor)
            if index % commands.count == 5, let id = TaskID("task-\(index)") {
                executor.stop(AttemptRef(taskID: id, attempt: 1), reason: .cancelled)
            }
            // At most so many at once.
            sink.waitForEnds(1 + index - 20)
        }
        sink.waitForEnds(count + 1)
        let after = Holdings.settle(to: before)
        after.printGrowth(since: before)
        var left: [String] = []
        for _ in 0..<500 {
            // What begins with a dot is the store's own.
            left = try FileManager.default.contentsOfDirectory(atPath: "work").filter { !$0.hasPrefix(".") }
            if left.isEmpty { break }
            poll(nil, 0, 20)
        }
        var processes = 0
        for _ in 0..<500 {
            processes = Holdings.processes(marked: seconds)
            if processes == 0 { break }
            poll(nil, 0, 20)
        }
        print("processes=\(processes)")
        print("directories=\(left.count) running=\(executor.running.count)")
        executor.shutdown()
    }

    /// A flood that no reader could hold, and what others get done beside it.
    static func flood() throws {
        let sink = HostSink(prints: false)
        let executor = try executor(sink)
        try start("sh -c $'yes pandar | head -c 20000000'", "warm-up", on: executor)
        sink.waitForEnds(1)
        let before = Holdings()
        try start("yes pandar", "flood", on: executor)
        for index in 0..<20 {
            try start("echo done", "beside-\(index)", on: executor)
            sink.waitForEnds(index + 2)
        }
        sink.waitForHeartbeats(3)
        let during = Holdings()
        if let id = TaskID("flood") { executor.stop(AttemptRef(taskID: id, attempt: 1), reason: .cancelled) }
        sink.waitForEnds(22)
        during.printGrowth(since: before)
        print("flood=\(sink.bytes("flood")) published=\(sink.published)")
        executor.shutdown()
    }
}

/// Counts what attempts tell.
final class HostSink: AttemptSink {
    private struct State {
        var ends: [TaskID: RunnerReport] = [:]
        var heartbeats = 0
        var published = 0
    }

    private let state = Mutex(State())
    private let told = DispatchSemaphore(value: 0)
    private let prints: Bool

    init(prints: Bool) {
        self.prints = prints
    }

    var published: Int { state.withLock { $0.published } }

    func bytes(_ id: String) -> Int64 {
        state.withLock { state in state.ends.first { $0.key.text == id }?.value.result.outputBytes ?? 0 }
    }

    func waitForEnds(_ count: Int) {
        while state.withLock({ $0.ends.count }) < count { told.wait() }
    }

    func waitForHeartbeats(_ count: Int) {
        while state.withLock({ $0.heartbeats }) < count { told.wait() }
    }

    func report(_ report: RunnerReport, of order: AttemptOrder) {
        state.withLock { state in
            if report.kind == .finished { state.ends[report.ref.taskID] = report } else { state.heartbeats += 1 }
        }
        told.signal()
    }

    func output(_ chunk: OutputChunk, of order: AttemptOrder) {
        state.withLock { $0.published += chunk.text.utf8.count }
        if prints { FileHandle.standardOutput.write(Data(chunk.text.utf8)) }
    }

    func progress(_ event: ProgressEvent, of order: AttemptOrder) {}
}
