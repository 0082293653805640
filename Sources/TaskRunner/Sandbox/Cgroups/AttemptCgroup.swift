internal import Foundation
internal import TaskModel

/// The cgroups of one attempt, one a controller under v1.
final class AttemptCgroup: Sendable {
    private let version: CgroupLayout.Version
    private let paths: [CgroupController: String]

    /// Processes of a sandbox that are not the program's: bubblewrap, init and the proxy's forwarder.
    private static let ownProcesses = 3

    /// - Throws: when a limit cannot be set: an attempt must not run without what its profile says.
    init(tree: CgroupTree, label: String, limits: SandboxLimits) throws(SpawnError) {
        version = tree.version
        var paths: [CgroupController: String] = [:]
        for (controller, directory) in tree.directories
        where version == .v2 || controller.isNeeded(for: limits) {
            let path = "\(directory)/\(label)"
            // Under v2 all controllers share a directory.
            if !paths.values.contains(path), mkdir(path, 0o755) != 0 {
                let reason = String(cString: strerror(errno))
                for path in Set(paths.values) { rmdir(path) }
                throw SpawnError(description: "no cgroup \(path): \(reason)")
            }
            paths[controller] = path
        }
        self.paths = paths
        if let path = apply(limits) {
            _ = remove()
            throw SpawnError(description: "the limit in \(path) could not be set")
        }
    }

    /// Sets the limits; the file that could not be written, if there is one.
    private func apply(_ limits: SandboxLimits) -> String? {
        var settings: [(path: String, value: String)] = []
        if let path = paths[.memory], let bytes = limits.memoryMB.map({ Int64($0) << 20 }) {
            switch version {
            case .v1:
                settings.append(("\(path)/memory.limit_in_bytes", String(bytes)))
                // Swap is accounted for only where the kernel was told to.
                CgroupFiles.write(String(bytes), to: "\(path)/memory.memsw.limit_in_bytes")
            case .v2:
                settings.append(("\(path)/memory.max", String(bytes)))
                CgroupFiles.write("0", to: "\(path)/memory.swap.max")
                // A program that loses one of its processes to the limit cannot be trusted to have done its work.
                CgroupFiles.write("1", to: "\(path)/memory.oom.group")
            }
        }
        if let path = paths[.pids], let processes = limits.processes {
            settings.append(("\(path)/pids.max", String(processes + Self.ownProcesses)))
        }
        if let path = paths[.cpu], let cpus = limits.cpus {
            let quota = max(1000, Int64(cpus * 100_000))
            switch version {
            case .v1:
                settings.append(("\(path)/cpu.cfs_period_us", "100000"))
                settings.append(("\(path)/cpu.cfs_quota_us", String(quota)))
            case .v2: settings.append(("\(path)/cpu.max", "\(quota) 100000"))
            }
        }
        return settings.first { !CgroupFiles.write($0.value, to: $0.path) }?.path
    }

    /// The files through which a process enters; open for writing, to be closed by the caller.
    func openEntrances() -> [Int32] {
        // A thread that moves only itself takes no lock of the whole machine; for whole processes the kernel waits until
        // every processor has been elsewhere once, some 6 ms. A child before its exec is one thread.
        let name = version == .v1 ? "tasks" : "cgroup.procs"
        return Set(paths.values).map { open("\($0)/\(name)", O_WRONLY | O_CLOEXEC) }.filter { $0 >= 0 }
    }

    /// Whether the limit of memory is held here.
    var holdsMemory: Bool { paths[.memory] != nil }

    /// The most memory that was used at once, in bytes.
    var peakMemory: Int64? {
        guard let path = paths[.memory] else { return nil }
        return CgroupFiles.number("\(path)/\(version == .v1 ? "memory.max_usage_in_bytes" : "memory.peak")")
    }

    /// Microseconds of computing.
    var cpuMicroseconds: Int64? {
        guard version == .v2, let path = paths[.cpu] else { return nil }
        return CgroupFiles.number("usage_usec", in: "\(path)/cpu.stat")
    }

    /// Whether a process was ended because memory was used up.
    var hasRunOutOfMemory: Bool {
        guard let path = paths[.memory] else { return false }
        return
            (CgroupFiles.number("oom_kill", in: "\(path)/\(version == .v1 ? "memory.oom_control" : "memory.events")")
            ?? 0) > 0
    }

    /// Whether a process could not be started because there were too many.
    var hasRunOutOfProcesses: Bool {
        guard let path = paths[.pids] else { return false }
        return (CgroupFiles.number("max", in: "\(path)/pids.events") ?? 0) > 0
    }

    /// Removes the cgroups. `false` when processes are still on their way out; then again a little later.
    func remove() -> Bool {
        var isGone = true
        for path in Set(paths.values) where rmdir(path) != 0 && errno != ENOENT { isGone = false }
        return isGone
    }

    /// Removes them as soon as the last processes, which may still be on their way out, are gone. Blocks, a second at most.
    func removeWhenEmpty() {
        for _ in 0..<200 {
            if remove() { return }
            usleep(5000)
        }
    }
}

extension CgroupController {
    /// Whether there is something to hold or to measure. Each takes the kernel its time, under v1 by itself.
    fileprivate func isNeeded(for limits: SandboxLimits) -> Bool {
        switch self {
        case .memory: true
        case .pids: limits.processes != nil
        case .cpu: limits.cpus != nil
        }
    }
}
