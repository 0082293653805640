public import TaskModel

/// What a `project_id` stands for: where the files come from that a task works on, and how its workspace is kept.
public struct Project: Hashable, Sendable {
    /// Greater than 0.
    public var id: Int64
    public var name: String
    public var source: ProjectSource
    public var keep: KeepPolicy
    /// Seconds that a kept workspace stays.
    public var keepSeconds: Int
    /// What a workspace may take on disk, in MB of 1,048,576 bytes.
    public var diskLimitMB: Int
    /// Whether a later attempt of a task finds the workspace of the one before: for agents that resume a session.
    public var reusesWorkspace: Bool
    public var secrets: [ProjectSecret]
    /// The name of a sandbox profile; `nil` for the default one.
    public var sandboxProfile: String?
    /// Programs that are run for an attempt outside of its sandbox; no two of one name.
    public var acts: [ProjectAct]
    /// What the agents of one task may use in all its attempts.
    public var taskBudget: TaskBudget
    /// What the agents of all its tasks may use in a day (UTC).
    public var dayBudget: TaskBudget

    public init(
        id: Int64, name: String, source: ProjectSource = .empty, keep: KeepPolicy = .never,
        keepSeconds: Int = 86_400, diskLimitMB: Int = 2048, reusesWorkspace: Bool = false,
        secrets: [ProjectSecret] = [], sandboxProfile: String? = nil, acts: [ProjectAct] = [],
        taskBudget: TaskBudget = TaskBudget(), dayBudget: TaskBudget = TaskBudget()
    ) {
        self.id = id
        self.name = name
        self.source = source
        self.keep = keep
        self.keepSeconds = keepSeconds
        self.diskLimitMB = diskLimitMB
        self.reusesWorkspace = reusesWorkspace
        self.secrets = secrets
        self.sandboxProfile = sandboxProfile
        self.acts = acts
        self.taskBudget = taskBudget
        self.dayBudget = dayBudget
    }

    public var diskLimitBytes: Int64 { Int64(diskLimitMB) * 1_048_576 }
}

/// Where a workspace's content comes from.
public enum ProjectSource: Hashable, Sendable {
    /// Nothing: the workspace is an empty directory.
    case empty
    /// A copy of the directory at an absolute path.
    case directory(String)
    /// A clone of a git repository.
    case repository(Repository)
}

/// A git repository.
public struct Repository: Hashable, Sendable {
    /// An absolute path, or a URL without a password: `https`, `http`, `ssh`, `git`, or `user@host:path`.
    public var location: String
    /// A branch, a tag, a full `refs/…` name or a commit; `nil` for the repository's own choice.
    public var ref: String?
    /// Commits of history in the workspace; 0 for all.
    public var depth: Int
    /// Whose value is sent as the password over HTTP.
    public var token: SecretSource?

    public init(location: String, ref: String? = nil, depth: Int = 0, token: SecretSource? = nil) {
        self.location = location
        self.ref = ref
        self.depth = depth
        self.token = token
    }
}

/// When a workspace stays after its attempt.
public enum KeepPolicy: String, CaseIterable, Sendable {
    case never
    case onFailure = "on_failure"
    case always
}

/// A secret of a project: the name of the environment variable that a task finds it under, and where its value is.
public struct ProjectSecret: Hashable, Sendable {
    public var name: String
    public var source: SecretSource

    public init(name: String, source: SecretSource) {
        self.name = name
        self.source = source
    }
}
