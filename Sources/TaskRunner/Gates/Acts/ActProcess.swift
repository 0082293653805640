internal import CProcess
internal import Foundation
internal import TaskModel

/// A program that runs outside, from its start to its end: what it prints, its limits. Blocks; the process dies with the
/// thread that has started it.
final class ActProcess {
    enum End: Equatable {
        /// It has ended by itself.
        case exited(Int32)
        /// It was ended, or could not begin; what it had done by then is not known.
        case ended(String)
    }

    private let process: SpawnedProcess
    private let channel: InitChannel
    private let limits: SandboxLimits
    private let seconds: Int
    private let graceSeconds: Int
    private let hasMemoryLimit: Bool
    private var meter: DiskMeter
    private var masks: [SecretMask]
    private var outputs: [Int32]
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    private var printed = 0
    private var lastWords: [UInt8] = []
    private var exit = ProgramExit()
    private var cause: String?

    /// Reads of one pipe in one turn.
    private static let readsPerTurn = 16

    init(
        process: SpawnedProcess, channel: InitChannel, mask: SecretMask, limits: SandboxLimits, seconds: Int,
        graceSeconds: Int, writable: [String], hasMemoryLimit: Bool
    ) {
        self.process = process
        self.channel = channel
        self.limits = limits
        self.seconds = seconds
        self.graceSeconds = graceSeconds
        self.hasMemoryLimit = hasMemoryLimit
        masks = [mask.fresh, mask.fresh]
        outputs = [process.output, process.error]
        meter = DiskMeter(
            paths: writable, process: process.pid, limitBytes: Int64(clamping: limits.diskMB ?? .max) << 20)
    }

    func run(_ relay: (GateFrame, [UInt8]) -> Void, goesOn: () -> Bool) -> End {
        let limit = Uptime.now + Double(seconds)
        var killAt = Double.infinity
        var nextLook = Uptime.now + 0.1
        while true {
            var polled = [pollfd(fd: process.pidfd, events: Int16(POLLIN), revents: 0)]
            polled += outputs.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            poll(&polled, 3, 100)
            for index in 0..<2 { read(index, relay) }
            while let report = channel.receive() { exit.take(report) }
            if polled[0].revents != 0 { break }
            let now = Uptime.now
            if now >= nextLook {
                nextLook = now + 0.1
                if cause == nil {
                    if let breach = breach() {
                        cause = breach
                        killAt = 0
                    } else if now > limit || !goesOn() {
                        cause = now > limit ? "time limit of \(seconds) s exceeded" : "nobody waits for it any more"
                        killAt = now + Double(graceSeconds)
                        channel.terminate()
                    }
                }
                if now >= killAt { kill() }
            }
        }
        Foundation.kill(-process.pid, SIGKILL)
        var status: Int32 = 0
        _ = pandar_reap(process.pid, 0, &status, nil)
        while let report = channel.receive() { exit.take(report) }
        exit.sandboxEnded()
        // All that could write is gone: what is left in the pipes has an end.
        for index in 0..<2 {
            while outputs[index] >= 0, read(index, relay) {}
            relay(Self.frame(index), masks[index].finish())
            if outputs[index] >= 0 { close(outputs[index]) }
        }
        close(process.pidfd)
        return end
    }

    private var end: End {
        if let cause { return .ended(cause) }
        if let code = exit.code { return .exited(code) }
        if let signal = exit.signal { return .ended("ended by signal \(signal)") }
        let words = String(decoding: lastWords, as: UTF8.self)
        return .ended(exit.failure?.sentence(lastWords: words) ?? "its end is not known")
    }

    /// When init has died, every other process of the sandbox has.
    private func kill() {
        if !channel.kill() { Foundation.kill(-process.pid, SIGKILL) }
    }

    private static func frame(_ index: Int) -> GateFrame { index == 0 ? .output : .error }

    /// Whether something came.
    @discardableResult
    private func read(_ index: Int, _ relay: (GateFrame, [UInt8]) -> Void) -> Bool {
        var hasRead = false
        for _ in 0..<Self.readsPerTurn where outputs[index] >= 0 {
            let count = Foundation.read(outputs[index], &buffer, buffer.count)
            if count < 0, errno == EAGAIN || errno == EINTR { return hasRead }
            guard count > 0 else {
                close(outputs[index])
                outputs[index] = -1
                return hasRead
            }
            hasRead = true
            printed += count
            let shown = masks[index].mask(buffer[..<count])
            if index == 1 { lastWords = Array((lastWords + shown).suffix(2048)) }
            if !shown.isEmpty { relay(Self.frame(index), shown) }
        }
        return hasRead
    }

    /// A limit that no kernel holds and that is passed.
    private func breach() -> String? {
        if let megabytes = limits.outputMB, printed > megabytes << 20 {
            return LimitBreach.output(megabytes: megabytes).sentence
        }
        if let megabytes = limits.diskMB, meter.isExceeded() { return LimitBreach.disk(megabytes: megabytes).sentence }
        guard limits.cpuSeconds != nil || (limits.memoryMB != nil && !hasMemoryLimit) else { return nil }
        return ProcessTree(root: process.pid).breaches(of: limits, hasMemoryLimit: hasMemoryLimit).first?.sentence
    }
}
