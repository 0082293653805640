/// What a request says of its sandbox (`metadata.sandbox`). It can tighten what the project allows, never loosen.
public struct SandboxDemand: Hashable, Sendable {
    public var mode: SandboxMode?
    public var profile: String?
    public var limits: SandboxLimits
    public var hasTerminal: Bool

    /// The modes that a request may ask for: none of them is no sandbox.
    private enum Mode: String, CaseIterable {
        case strict, permissive
    }

    /// Reads the object. What is not understood would be a limit that silently does not hold, so it is an error.
    public init(_ object: JSONObject) throws(ContractViolation) {
        var fields = FieldReader(object, path: "metadata.sandbox.")
        mode = try fields.choice("mode", Mode.self).map { $0 == .strict ? .strict : .permissive }
        profile = try fields.string("profile")
        hasTerminal = fields.take("terminal")?.boolValue ?? false
        var limits = SandboxLimits()
        if let object = try fields.object("limits") {
            var fields = FieldReader(object, path: "metadata.sandbox.limits.")
            if let cpus = fields.take("cpu") {
                guard let number = cpus.doubleValue, (0.01...1024).contains(number) else {
                    throw ContractViolation(
                        .outOfRange, field: "metadata.sandbox.limits.cpu",
                        "metadata.sandbox.limits.cpu must be a number of cores from 0.01 to 1024.")
                }
                limits.cpus = number
            }
            limits.memoryMB = try fields.integer("memory_mb", 1...1_000_000_000).map(Int.init)
            limits.diskMB = try fields.integer("disk_mb", 1...1_000_000_000).map(Int.init)
            limits.cpuSeconds = try fields.integer("cpu_seconds", 1...1_000_000_000).map(Int.init)
            limits.processes = try fields.integer("processes", 1...1_000_000).map(Int.init)
            limits.openFiles = try fields.integer("open_files", 1...10_000_000).map(Int.init)
            limits.fileSizeMB = try fields.integer("file_size_mb", 1...1_000_000_000).map(Int.init)
            limits.temporaryMB = try fields.integer("tmp_mb", 1...1_000_000_000).map(Int.init)
            limits.outputMB = try fields.integer("output_mb", 1...1_000_000_000).map(Int.init)
            if let unknown = fields.rest.first {
                throw ContractViolation(
                    .invalidValue, field: "metadata.sandbox.limits",
                    "metadata.sandbox.limits has no limit \(unknown.name.prefix(40)); there are cpu, cpu_seconds, "
                        + "memory_mb, processes, open_files, file_size_mb, disk_mb, tmp_mb and output_mb.")
            }
        }
        self.limits = limits
    }
}
