public import TaskModel

/// The directories of one attempt. They belong to it alone.
public struct Workspace: Hashable, Sendable {
    public let ref: AttemptRef
    public let project: Project
    /// Whom its directories belong to; `nil` for the service's own user.
    public let owner: FileOwner?
    /// The directory that holds the others; the service's own, no task needs to see it.
    public let base: String
    /// Whether an earlier attempt of the task left it.
    public let isReused: Bool
    /// Whether a later attempt may go on in it: the project says so, or its agent's session lies in it.
    public let isReusable: Bool
    /// What was not as it should be, and did not keep the workspace from being made.
    public let warnings: [String]

    /// What the task works on.
    public var directory: String { base + "/" + Self.directoryName }
    public var home: String { base + "/" + Self.homeName }

    /// All that a task can write to, for a ``DiskMeter``.
    public var writable: [String] { [directory, home] }

    static let directoryName = "workspace"
    static let homeName = "home"
}

/// How an attempt ended, as far as its workspace is concerned.
public enum WorkspaceOutcome: String, CaseIterable, Sendable {
    case succeeded
    /// It failed; it may be repeated.
    case failed
    /// It was stopped and is to be gone on with: shut down, parked, lost.
    case interrupted
    /// Nobody wants it any more.
    case cancelled
}

/// Why there is no workspace.
public struct WorkspaceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The closed set of causes.
    public enum Code: String, Sendable {
        /// The root cannot be used.
        case unusableRoot = "unusable_root"
        /// The directory or repository cannot be read.
        case unreadableSource = "unreadable_source"
        case unknownRef = "unknown_ref"
        /// More than the project's disk limit.
        case tooLarge = "too_large"
        /// The disk is full or broken.
        case disk
        case timedOut = "timed_out"
        case noGit = "no_git"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
