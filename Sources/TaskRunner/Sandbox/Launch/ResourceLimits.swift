internal import Foundation
internal import TaskModel

/// The limits that the kernel holds for each process (`setrlimit`); they hold on every machine.
enum ResourceLimits {
    /// Resource numbers and values, for `pandar-init`.
    ///
    /// - Parameter cgroups: what cgroups hold, which tell when a limit was reached.
    static func of(_ limits: SandboxLimits, cgroups: CgroupTree?) -> [(resource: Int32, value: UInt64)] {
        // No core files, and at 1, and only there, no call of the machine's handler of crashes, which would run outside
        // as root on what the program has made (core(5); the filter keeps the limit where it is).
        var pairs: [(Int32, UInt64)] = [(number(RLIMIT_CORE), 1)]
        // Inside its own user namespace the count is of the sandbox alone; init and its forwarder are in it. A cgroup
        // shall be met first.
        if let processes = limits.processes {
            pairs.append((processesResource, UInt64(processes + (cgroups?.holds(.pids) == true ? 16 : 2))))
        }
        if let files = limits.openFiles { pairs.append((number(RLIMIT_NOFILE), UInt64(files))) }
        if let megabytes = limits.fileSizeMB { pairs.append((number(RLIMIT_FSIZE), UInt64(megabytes) << 20)) }
        if let seconds = limits.cpuSeconds { pairs.append((number(RLIMIT_CPU), UInt64(seconds))) }
        // What one process may write to, as a backstop of the sampler. With a cgroup it would only make the program fail
        // for want of memory before the limit is reached, and nobody would know why. A limit of the address space would
        // stop programs that only reserve it.
        if let megabytes = limits.memoryMB, cgroups?.holds(.memory) != true {
            pairs.append((number(RLIMIT_DATA), UInt64(megabytes) << 21))
        }
        return pairs.map { (resource: $0.0, value: $0.1) }
    }

    /// `RLIMIT_NPROC`, a macro of glibc's that Swift does not see; the same number on every architecture of ours.
    private static let processesResource: Int32 = 6

    private static func number(_ resource: __rlimit_resource) -> Int32 {
        Int32(resource.rawValue)
    }
}
