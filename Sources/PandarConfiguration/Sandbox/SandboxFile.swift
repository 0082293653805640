public import TaskRunner
internal import TaskModel

/// Reads the profiles of sandboxes (`sandbox.file`).
public enum SandboxFile {
    /// - Throws: the first thing that is wrong, with its line.
    public static func read(path: String) throws(ConfigurationError) -> SandboxCatalog {
        try catalog(ConfigurationDocument(path: path))
    }

    /// Reads YAML from memory; `name` stands for the file in errors.
    public static func read(text: String, name: String) throws(ConfigurationError) -> SandboxCatalog {
        try catalog(ConfigurationDocument(text: text, name: name))
    }

    private static func catalog(_ document: ConfigurationDocument) throws(ConfigurationError) -> SandboxCatalog {
        var root = try document.root.section()
        var profiles: [SandboxProfile] = []
        if var section = try root.take("profiles")?.section() {
            for (name, node) in section.takeAll() { profiles.append(try profile(name, node)) }
        }
        let names = Set(profiles.map(\.name) + [SandboxCatalog.standardName])
        var agents: [String: String] = [:]
        if var section = try root.take("agents")?.section() {
            for (agent, node) in section.takeAll() {
                let name = try node.text()
                guard names.contains(name) else {
                    throw node.error(
                        "names the profile \(name), which is not defined (\(names.sorted().joined(separator: ", ")))")
                }
                agents[agent] = name
            }
        }
        try root.finish()
        return SandboxCatalog(profiles: profiles, agents: agents)
    }

    private enum Mode: String, CaseIterable {
        case strict, permissive
    }

    private static func profile(_ name: String, _ node: DocumentNode) throws(ConfigurationError) -> SandboxProfile {
        var profile = SandboxProfile(name: name)
        guard !node.isEmpty else { return profile }
        var section = try node.section()
        if let mode = try section.take("mode")?.choice(Mode.self) {
            profile.mode = mode == .strict ? .strict : .permissive
        }
        if let node = section.take("limits") { profile.limits = try limits(node) }
        if let node = section.take("network") {
            var network = try node.section()
            profile.network = try network.take("allow")?.texts() ?? []
            try network.finish()
        }
        for node in try section.take("readable")?.list() ?? [] {
            let path = try node.text()
            guard path.hasPrefix("/"), path != "/" else { throw node.error("must be an absolute path, and not /") }
            profile.readable.append(path)
        }
        for node in try section.take("environment")?.list() ?? [] {
            let name = try node.text()
            guard !name.isEmpty, !name.contains("="), !name.hasPrefix("LD_") else {
                throw node.error("must be the name of a variable; those of the dynamic linker (LD_…) are not handed on")
            }
            profile.environment.append(name)
        }
        profile.hasTerminal = try section.take("terminal")?.flag() ?? false
        try section.finish()
        return profile
    }

    /// What is not named keeps its default.
    private static func limits(_ node: DocumentNode) throws(ConfigurationError) -> SandboxLimits {
        var limits = SandboxLimits.standard
        var section = try node.section()
        if let node = section.take("cpu") {
            guard let cpus = Double(try node.text()), (0.01...1024).contains(cpus) else {
                throw node.error("must be a number of cores from 0.01 to 1024")
            }
            limits.cpus = cpus
        }
        func integer(_ name: String, _ path: WritableKeyPath<SandboxLimits, Int?>) throws(ConfigurationError) {
            guard let node = section.take(name) else { return }
            limits[keyPath: path] = try node.integer(1...1_000_000_000)
        }
        try integer("memory_mb", \.memoryMB)
        try integer("cpu_seconds", \.cpuSeconds)
        try integer("processes", \.processes)
        try integer("open_files", \.openFiles)
        try integer("file_size_mb", \.fileSizeMB)
        try integer("disk_mb", \.diskMB)
        try integer("tmp_mb", \.temporaryMB)
        try integer("output_mb", \.outputMB)
        try section.finish()
        return limits
    }
}
