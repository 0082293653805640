/// The projects that tasks may name.
public struct ProjectCatalog: Sendable {
    private let projects: [Int64: Project]
    private let fallback: Project?

    /// - Parameters:
    ///   - projects: no two of one id.
    ///   - fallback: what ids stand for that are not named; without it they are unknown.
    public init(_ projects: [Project], default fallback: Project? = nil) {
        self.projects = Dictionary(projects.map { ($0.id, $0) }) { first, _ in first }
        self.fallback = fallback
    }

    /// Where nothing is configured: every project has an empty, private workspace.
    public static let open = ProjectCatalog([], default: Project(id: 1, name: "default"))

    /// `nil` when the id is not known.
    public func project(_ id: Int64) -> Project? {
        if let project = projects[id] { return project }
        guard var project = fallback, id > 0 else { return nil }
        project.id = id
        return project
    }

    /// Those that are named, by id.
    public var named: [Project] { projects.values.sorted { $0.id < $1.id } }

    /// What ids stand for that are not named.
    public var defaultProject: Project? { fallback }
}
