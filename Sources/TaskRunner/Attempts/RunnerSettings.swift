public import Agents
public import Gates

/// How attempts are run on this instance.
public struct RunnerSettings: Sendable {
    /// The instance's name and incarnation, as reports carry them.
    public var runner: String
    public var incarnation: String
    /// `PATH` of attempts.
    public var path: String
    /// Where attempts get their working directories; made if it is not there, cleared at start. This service's alone.
    public var workDirectory: String
    public var heartbeatSeconds: Int
    /// Seconds from SIGTERM to SIGKILL.
    public var killGraceSeconds: Int
    /// Bytes of output that one attempt may publish.
    public var outputLimitBytes: Int
    /// How attempts are separated from the machine.
    public var isolation: Isolation
    /// The projects whose tasks are run.
    public var projects: ProjectCatalog
    /// Bytes that kept workspaces may take together; beyond that the oldest go.
    public var keptLimitBytes: Int64
    /// Seconds that a mirror of a repository counts as up to date.
    public var fetchSeconds: Int
    /// What needs a decision while an attempt runs.
    public var gates: GateCatalog
    /// The agents that a command's first word can name.
    public var agents: AgentCatalog
    /// What projects have used of their budgets of the day; `nil`: nobody knows, and only attempts' own use counts.
    public var spending: (any ProjectSpending)?
    /// `pandar-agent`, for attempts without a sandbox; empty for the one beside this program.
    public var agentProgram: String

    public init(
        runner: String, incarnation: String, path: String, workDirectory: String, heartbeatSeconds: Int = 5,
        killGraceSeconds: Int = 10, outputLimitBytes: Int = 10_485_760, isolation: Isolation = .none,
        projects: ProjectCatalog = .open, keptLimitBytes: Int64 = 10_737_418_240, fetchSeconds: Int = 60,
        gates: GateCatalog = .builtIn, agents: AgentCatalog = .builtIn, spending: (any ProjectSpending)? = nil,
        agentProgram: String = ""
    ) {
        self.runner = runner
        self.incarnation = incarnation
        self.path = path
        self.workDirectory = workDirectory
        self.heartbeatSeconds = heartbeatSeconds
        self.killGraceSeconds = killGraceSeconds
        self.outputLimitBytes = outputLimitBytes
        self.isolation = isolation
        self.projects = projects
        self.keptLimitBytes = keptLimitBytes
        self.fetchSeconds = fetchSeconds
        self.gates = gates
        self.agents = agents
        self.spending = spending
        self.agentProgram = agentProgram
    }
}

/// How attempts are separated from the machine.
public enum Isolation: Sendable {
    /// Not at all: they are processes of the service's user.
    case none
    case sandbox(SandboxHost, SandboxCatalog)
}
