internal import Foundation
internal import TaskModel

/// What a process and all its descendants use, read from `/proc`. For machines without cgroups; between two looks a
/// process can come and go unseen.
struct ProcessTree {
    private(set) var residentBytes: Int64 = 0
    private(set) var cpuSeconds: Double = 0

    /// - Parameter root: the process at the top.
    init(root: Int32) {
        for pid in Self.processes(root: root) { add(pid) }
    }

    /// The process at the top, and all beneath it.
    static func processes(root: Int32) -> [Int32] {
        var rest = [root]
        var seen: [Int32] = []
        // A tree that grows while it is walked must not keep the walker.
        while let pid = rest.popLast(), seen.count < 100_000 {
            seen.append(pid)
            rest += Self.children(of: pid)
        }
        return seen
    }

    private mutating func add(_ pid: Int32) {
        if let pages = CgroupFiles.read("/proc/\(pid)/statm")?.split(separator: " ").dropFirst().first.flatMap({
            Int64($0)
        }) {
            residentBytes += pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
        }
        guard let text = CgroupFiles.read("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return }
        // From the third field on: state is 0, utime 11, stime 12, and those of collected children 13 and 14.
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 14 else { return }
        let ticks = fields[11...14].compactMap { Double($0) }.reduce(0, +)
        cpuSeconds += ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func children(of pid: Int32) -> [Int32] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        return threads.flatMap { thread in
            (CgroupFiles.read("/proc/\(pid)/task/\(thread)/children") ?? "").split(separator: " ").compactMap {
                Int32($0)
            }
        }
    }
}

extension ProcessTree {
    /// The limits that no kernel holds and that are passed.
    ///
    /// - Parameter hasMemoryLimit: whether the kernel holds that of memory.
    func breaches(of limits: SandboxLimits, hasMemoryLimit: Bool) -> [LimitBreach] {
        var breaches: [LimitBreach] = []
        if let seconds = limits.cpuSeconds, cpuSeconds > Double(seconds) { breaches.append(.cpu(seconds: seconds)) }
        if let megabytes = limits.memoryMB, !hasMemoryLimit, residentBytes > Int64(megabytes) << 20 {
            breaches.append(.memory(megabytes: megabytes))
        }
        return breaches
    }
}
