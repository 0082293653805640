/// Where workspaces are kept, and how many of them.
public struct WorkspaceSettings: Sendable {
    /// A directory of the service's own, made if it is not there.
    public var root: String
    /// Whether others than the service's own user work there, so that they must be let through.
    public var isShared: Bool
    /// Whether a workspace that is reused keeps its path: where attempts see the machine's own paths.
    public var staysInPlace = false
    /// Bytes that kept workspaces may take together; beyond that the oldest go.
    public var keptLimitBytes: Int64
    /// Seconds that a mirror of a repository counts as up to date.
    public var fetchSeconds: Int
    /// Seconds that one call of git may take.
    public var gitSeconds: Int
    /// `PATH` to find git and ssh on.
    public var path: String

    public init(
        root: String, isShared: Bool = false, keptLimitBytes: Int64 = 10_737_418_240, fetchSeconds: Int = 60,
        gitSeconds: Int = 600, path: String = "/usr/local/bin:/usr/bin:/bin"
    ) {
        self.root = root
        self.isShared = isShared
        self.keptLimitBytes = keptLimitBytes
        self.fetchSeconds = fetchSeconds
        self.gitSeconds = gitSeconds
        self.path = path
    }
}
