internal import Foundation
internal import TaskModel

/// Looks, about once a second, at what no kernel limit holds: computing time of all processes together, memory where
/// there are no cgroups, and disk.
final class Supervisor: Sendable {
    /// An attempt under supervision.
    struct Watch: Sendable {
        let ref: AttemptRef
        let process: Int32
        let limits: SandboxLimits
        /// The kernel holds the limit of memory.
        let hasMemoryLimit: Bool
        /// Where the attempt can write on disk.
        let paths: [String]
        let mailbox: ReactorMailbox
        let since = Uptime.now

        var looksAtMemory: Bool { limits.memoryMB != nil && !hasMemoryLimit }
    }

    /// Guarded by `condition`.
    private nonisolated(unsafe) var watches: [AttemptRef: Watch] = [:]
    private nonisolated(unsafe) var peaks: [AttemptRef: Int64] = [:]
    /// Of the supervisor's own thread.
    private nonisolated(unsafe) var meters: [AttemptRef: DiskMeter] = [:]
    private nonisolated(unsafe) var isEnding = false
    private let condition = NSCondition()

    init() {
        let thread = Thread { [weak self] in
            while let next = self?.round() {
                guard let self else { return }
                condition.lock()
                if isEnding {
                    condition.unlock()
                    return
                }
                if watches.isEmpty {
                    condition.wait()
                } else {
                    _ = condition.wait(until: Date(timeIntervalSinceNow: next))
                }
                condition.unlock()
            }
        }
        thread.name = "supervisor"
        thread.start()
    }

    func watch(_ watch: Watch) {
        guard watch.limits.cpuSeconds != nil || watch.limits.diskMB != nil || watch.looksAtMemory else { return }
        condition.withLock {
            watches[watch.ref] = watch
            condition.signal()
        }
    }

    /// Forgets an attempt; its peak of memory in bytes, where it was looked at.
    func forget(_ ref: AttemptRef) -> Int64? {
        condition.withLock {
            watches[ref] = nil
            return peaks.removeValue(forKey: ref)
        }
    }

    func end() {
        condition.withLock {
            isEnding = true
            condition.signal()
        }
    }

    /// Looks at every attempt. Seconds until the next round.
    private func round() -> Double {
        let all = condition.withLock { watches }
        meters = meters.filter { all[$0.key] != nil }
        for watch in all.values {
            lookAtDisk(watch)
            guard watch.limits.cpuSeconds != nil || watch.looksAtMemory else { continue }
            let tree = ProcessTree(root: watch.process)
            condition.withLock {
                guard watches[watch.ref] != nil else { return }
                peaks[watch.ref] = max(peaks[watch.ref] ?? 0, tree.residentBytes)
            }
            for breach in tree.breaches(of: watch.limits, hasMemoryLimit: watch.hasMemoryLimit) {
                watch.mailbox.post(.exceeded(watch.ref, breach))
            }
        }
        return all.values.contains { $0.looksAtMemory } ? 0.1 : 1
    }

    /// Seconds after which an attempt's disk is looked at first: most are over by then.
    private static let diskDelay = 0.5

    private func lookAtDisk(_ watch: Watch) {
        guard let megabytes = watch.limits.diskMB, Uptime.now >= watch.since + Self.diskDelay else { return }
        var meter =
            meters[watch.ref]
            ?? DiskMeter(
                paths: watch.paths, process: watch.process, limitBytes: Int64(clamping: megabytes) * 1_048_576)
        if meter.isExceeded() { watch.mailbox.post(.exceeded(watch.ref, .disk(megabytes: megabytes))) }
        meters[watch.ref] = meter
    }
}
