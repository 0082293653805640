internal import CProcess
internal import Foundation

/// A command that is tried out for what it prints: until it ends, until that is enough, or until its time is over.
/// Whatever is left of it is then killed.
public struct CommandTrial: Sendable {
    public enum End: Hashable, Sendable {
        /// What it printed was enough.
        case enough
        /// It ended by itself.
        case ended
        case outOfTime
        /// It could not be started.
        case failed(String)
    }

    public let end: End
    /// At most the first MiB.
    public let output: [UInt8]
    public let errors: [UInt8]

    /// It was not even tried.
    public static func failed(_ reason: String) -> CommandTrial {
        CommandTrial(end: .failed(reason), output: [], errors: [])
    }

    /// Tries it without any isolation, as the service's own user, in a directory that is empty.
    public static func outside(
        _ words: [String], environment: [String: String], path: String, seconds: Double,
        isEnough: ([UInt8]) -> Bool = { _ in false }
    ) -> CommandTrial {
        with(directories: ["home"]) { directories in
            let home = ["PATH": path, "HOME": directories[0], "TMPDIR": directories[0]]
            let plan = SpawnPlan(
                words: words, environment: home.merging(environment) { $1 }, directory: directories[0], path: path)
            do throws(SpawnError) {
                let process = try plan.start()
                defer { end(process) }
                return watch(process, seconds: seconds, isEnough)
            } catch {
                return failed(error.description)
            }
        }
    }

    /// Makes directories of which nothing is left afterwards.
    static func with(directories names: [String], _ body: ([String]) -> CommandTrial) -> CommandTrial {
        let parent = NSTemporaryDirectory() + "pandar-trial-\(UUID().uuidString)"
        let paths = names.map { "\(parent)/\($0)" }
        guard mkdir(parent, 0o711) == 0, paths.allSatisfy({ mkdir($0, 0o700) == 0 }) else {
            return failed("\(parent) cannot be made: \(String(cString: strerror(errno)))")
        }
        defer { try? FileManager.default.removeItem(atPath: parent) }
        return body(paths)
    }

    /// Reads until there is a reason to stop.
    static func watch(
        _ process: SpawnedProcess, seconds: Double, _ isEnough: ([UInt8]) -> Bool
    ) -> CommandTrial {
        let deadline = Uptime.now + seconds
        var streams = [TrialStream(process.output), TrialStream(process.error)]
        while !streams[0].isAtEnd {
            let left = deadline - Uptime.now
            guard left > 0 else { return result(.outOfTime, streams) }
            var polled = streams.map { pollfd(fd: $0.isAtEnd ? -1 : $0.descriptor, events: Int16(POLLIN), revents: 0) }
            // In slices, for descendants can keep the pipe open when the command itself has ended.
            poll(&polled, 2, Int32(min(left * 1000, 500).rounded(.up)))
            for index in streams.indices where polled[index].revents != 0 { streams[index].read() }
            if isEnough(streams[0].bytes) { return result(.enough, streams) }
        }
        streams[1].read()
        return result(.ended, streams)
    }

    private static func result(_ end: End, _ streams: [TrialStream]) -> CommandTrial {
        CommandTrial(end: end, output: streams[0].bytes, errors: streams[1].bytes)
    }

    /// Kills what is left and collects it.
    static func end(_ process: SpawnedProcess) {
        kill(-process.pid, SIGKILL)
        _ = pandar_pidfd_kill(process.pidfd, SIGKILL)
        var status: Int32 = 0
        var usage = rusage()
        _ = pandar_reap(process.pid, 0, &status, &usage)
        for descriptor in [process.pidfd, process.output, process.error] { close(descriptor) }
    }
}

/// One pipe and what came through it. The descriptor does not block.
private struct TrialStream {
    let descriptor: Int32
    private(set) var bytes: [UInt8] = []
    private(set) var isAtEnd = false

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    mutating func read() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !isAtEnd {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            if count == 0 { isAtEnd = true }
            guard count > 0 else { return }
            bytes += buffer[..<min(count, max(0, 1_048_576 - bytes.count))]
        }
    }
}
