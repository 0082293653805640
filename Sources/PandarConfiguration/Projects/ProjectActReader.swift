internal import TaskRunner

/// Reads the programs that a project has run outside of its attempts' sandboxes.
enum ProjectActReader {
    static func read(
        _ node: DocumentNode, _ environment: [String: String]?
    ) throws(ConfigurationError) -> [ProjectAct] {
        var section = try node.section()
        var acts: [ProjectAct] = []
        for (name, value) in section.takeAll() {
            guard isProgram(name) else {
                throw value.error("must be named by a program, as it is called, without a directory")
            }
            // They would stand before programs that everything else in the sandbox needs.
            guard !["git", "sh", "bash", "env", "pandar-secret", "git-remote-pandar"].contains(name) else {
                throw value.error("is a program that cannot be an act")
            }
            acts.append(try act(name, value, environment))
        }
        return acts
    }

    private static func act(
        _ name: String, _ node: DocumentNode, _ environment: [String: String]?
    ) throws(ConfigurationError) -> ProjectAct {
        var act = ProjectAct(program: name)
        guard !node.isEmpty else { return act }
        var section = try node.section()
        if let variables = section.take("environment") {
            act.environment = try ProjectSourceReader.secrets(variables, environment)
        }
        if let files = section.take("files") {
            var paths = try files.section()
            for (path, value) in paths.takeAll() {
                guard isBeneath(path) else {
                    throw value.error("must be named by a path beneath the home directory: relative, without . and ..")
                }
                act.files.append(
                    ProjectFile(path: path, source: try ProjectSourceReader.secret(value, environment)))
            }
        }
        if let profile = section.take("sandbox") { act.sandboxProfile = try profile.text() }
        if let limit = section.take("timeout_sec") { act.timeoutSeconds = try limit.integer(1...86_400) }
        if let ungated = section.take("ungated") { act.ungated = try ungated.choice(UngatedCommands.self) }
        try section.finish()
        return act
    }

    private static func isProgram(_ name: String) -> Bool {
        !name.hasPrefix(".") && !name.hasPrefix("-") && (1..<100).contains(name.utf8.count)
            && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
    }

    private static func isBeneath(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return path.utf8.count < 1000 && !path.utf8.contains(0)
            && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    }
}
