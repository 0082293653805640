/// An agent as data: how its program is found, started and spoken to. Read from `config/agents.yaml`.
public struct AgentDefinition: Hashable, Sendable {
    /// What a client's `command` starts with to mean this agent.
    public var name: String
    /// The program's name or path, searched for as any command's.
    public var program: String
    public var adapter: AdapterKind
    /// What the program is always given, before what the adapter adds.
    public var arguments: [String]
    /// What the program's environment has on top of the sandbox's. Values, never secrets.
    public var environment: [String: String]
    /// Names of secrets that are handed to the program as environment variables, where the operator has them.
    public var credentials: [String]
    /// Hosts that the program must reach, in the form of the sandbox's network rules (`api.example.com:443`).
    public var hosts: [String]
    /// The sandbox profile that its attempts run in; the task's own, or the default one, where there is none.
    public var sandboxProfile: String?
    /// Whether an attempt can take up the session of one before it.
    public var resumesSessions: Bool
    /// What happens after this agent, as a proxy, has done what the primary agent could not.
    public var recovery: ProxyAgent.Recovery
    /// How far a plain command is, by its output.
    public var progress: [ProgressRule]
    /// What is typed where a plain command asks for something.
    public var prompts: [PromptRule]

    public init(
        name: String, program: String, adapter: AdapterKind, arguments: [String] = [],
        environment: [String: String] = [:], credentials: [String] = [], hosts: [String] = [],
        sandboxProfile: String? = nil, resumesSessions: Bool = false,
        recovery: ProxyAgent.Recovery = .resume, progress: [ProgressRule] = [], prompts: [PromptRule] = []
    ) {
        self.name = name
        self.program = program
        self.adapter = adapter
        self.arguments = arguments
        self.environment = environment
        self.credentials = credentials
        self.hosts = hosts
        self.sandboxProfile = sandboxProfile
        self.resumesSessions = resumesSessions
        self.recovery = recovery
        self.progress = progress
        self.prompts = prompts
    }
}
