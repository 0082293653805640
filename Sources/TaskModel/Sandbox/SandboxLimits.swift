/// What an attempt may use. `nil` where nothing is said: then only the machine is the limit.
public struct SandboxLimits: Hashable, Sendable {
    /// Memory of all processes together, files in `/tmp` and `/dev/shm` included, in MB.
    public var memoryMB: Int?
    /// Cores' worth of computing at any time.
    public var cpus: Double?
    /// Seconds of computing in all.
    public var cpuSeconds: Int?
    /// Processes and threads at once.
    public var processes: Int?
    /// Open files of one process.
    public var openFiles: Int?
    /// Size of one file in MB.
    public var fileSizeMB: Int?
    /// The workspace and the home directory together, in MB.
    public var diskMB: Int?
    /// `/tmp` in MB; as much again for `/dev/shm`.
    public var temporaryMB: Int?
    /// Output of all kinds in MB; with more the attempt ends.
    public var outputMB: Int?

    public init(
        memoryMB: Int? = nil, cpus: Double? = nil, cpuSeconds: Int? = nil, processes: Int? = nil,
        openFiles: Int? = nil, fileSizeMB: Int? = nil, diskMB: Int? = nil, temporaryMB: Int? = nil,
        outputMB: Int? = nil
    ) {
        self.memoryMB = memoryMB
        self.cpus = cpus
        self.cpuSeconds = cpuSeconds
        self.processes = processes
        self.openFiles = openFiles
        self.fileSizeMB = fileSizeMB
        self.diskMB = diskMB
        self.temporaryMB = temporaryMB
        self.outputMB = outputMB
    }

    /// What holds where a profile says nothing: enough for an agent, a compiler and its tests, and far from taking a
    /// machine down.
    public static let standard = SandboxLimits(
        memoryMB: 4096, processes: 1024, openFiles: 4096, fileSizeMB: 4096, diskMB: 10_240, temporaryMB: 1024)

    /// The lower of each.
    public func tightened(by other: SandboxLimits) -> SandboxLimits {
        SandboxLimits(
            memoryMB: lower(memoryMB, other.memoryMB), cpus: lower(cpus, other.cpus),
            cpuSeconds: lower(cpuSeconds, other.cpuSeconds), processes: lower(processes, other.processes),
            openFiles: lower(openFiles, other.openFiles), fileSizeMB: lower(fileSizeMB, other.fileSizeMB),
            diskMB: lower(diskMB, other.diskMB), temporaryMB: lower(temporaryMB, other.temporaryMB),
            outputMB: lower(outputMB, other.outputMB))
    }
}

private func lower<Value: Comparable>(_ left: Value?, _ right: Value?) -> Value? {
    guard let left, let right else { return left ?? right }
    return min(left, right)
}
