public import Foundation
public import TaskRunner

/// Reads `config/projects.yaml`.
public enum ProjectsFile {
    /// The catalogue of the file at `path`; of no file (an empty path) one that knows every project.
    ///
    /// - Parameter environment: in which secrets are looked for, to tell at once of those that cannot be used; `nil`
    ///   leaves that out, where only the structure matters.
    public static func load(
        path: String, environment: [String: String]? = ProcessInfo.processInfo.environment
    ) throws(ConfigurationError) -> ProjectCatalog {
        if path.isEmpty { return .open }
        return try catalog(of: ConfigurationDocument(path: path), environment: environment)
    }

    /// The catalogue of a file that is in memory; `name` stands for it in errors.
    public static func read(
        text: String, name: String, environment: [String: String]? = nil
    ) throws(ConfigurationError) -> ProjectCatalog {
        try catalog(of: ConfigurationDocument(text: text, name: name), environment: environment)
    }

    private static func catalog(
        of document: ConfigurationDocument, environment: [String: String]?
    ) throws(ConfigurationError) -> ProjectCatalog {
        var root = try document.root.section()
        var projects: [Project] = []
        if let node = root.take("projects") {
            var section = try node.section()
            for (name, value) in section.takeAll() {
                guard let id = Int64(name), id > 0, String(id) == name else {
                    throw value.error("must be named by a project_id, a whole number greater than 0")
                }
                projects.append(try project(value, id: id, environment))
            }
        }
        let fallback = try root.take("default").map { node throws(ConfigurationError) in
            try project(node, id: 1, environment)
        }
        try root.finish()
        return ProjectCatalog(projects, default: fallback)
    }

    private static func project(
        _ node: DocumentNode, id: Int64, _ environment: [String: String]?
    ) throws(ConfigurationError) -> Project {
        var section = try node.section()
        var project = Project(id: id, name: try section.take("name")?.text() ?? "project \(id)")
        project.source = try ProjectSourceReader.read(&section, environment)
        if let keep = section.take("keep") { project.keep = try keep.choice(KeepPolicy.self) }
        if let hours = section.take("keep_hours") { project.keepSeconds = try hours.integer(1...8760) * 3600 }
        if let limit = section.take("disk_mb") { project.diskLimitMB = try limit.integer(1...10_000_000) }
        if let reuse = section.take("reuse") { project.reusesWorkspace = try reuse.flag() }
        if let profile = section.take("sandbox") { project.sandboxProfile = try profile.text() }
        if let secrets = section.take("secrets") {
            project.secrets = try ProjectSourceReader.secrets(secrets, environment)
        }
        if let budget = section.take("budget") {
            (project.taskBudget, project.dayBudget) = try ProjectBudgetReader.read(budget)
        }
        if let acts = section.take("acts") { project.acts = try ProjectActReader.read(acts, environment) }
        try section.finish()
        return project
    }
}
