/// What `pandar-agent` is told to do: one attempt of one agent. The runner writes it, the driver reads it in the sandbox.
public struct AgentOrder: Hashable, Sendable {
    public var adapter: AdapterKind
    /// The agent's program and its configured arguments; the adapter adds its own.
    public var program: [String]
    /// On top of the driver's own environment. Written to a file in the sandbox: no secrets, those are inherited.
    public var environment: [String: String]
    public var prompt: String
    /// Absolute path of the workspace.
    public var directory: String
    public var session: String?
    public var resumeNote: String?
    /// Where reports go: `fd:3`, or the path of a Unix socket. Nowhere without one.
    public var reports: String?
    /// The agent that answers questions in words and stands by for this one.
    public var proxy: ProxyAgent?
    /// How many questions in words it may answer.
    public var answerLimit: Int
    /// How long it may take for one of them, in seconds.
    public var answerSeconds: Int
    /// How far a plain command is, by its output.
    public var progress: [ProgressRule]
    /// What is typed where a plain command asks for something.
    public var prompts: [PromptRule]
    /// How long the program may take for its first answer, in seconds.
    public var handshakeSeconds: Int
    /// How long the program may take to end when it was told to, in seconds.
    public var graceSeconds: Int

    public init(
        adapter: AdapterKind, program: [String], environment: [String: String] = [:], prompt: String, directory: String,
        session: String? = nil, resumeNote: String? = nil, reports: String? = nil, proxy: ProxyAgent? = nil,
        answerLimit: Int = 20, answerSeconds: Int = 300, progress: [ProgressRule] = [], prompts: [PromptRule] = [],
        handshakeSeconds: Int = 60,
        graceSeconds: Int = 10
    ) {
        self.adapter = adapter
        self.program = program
        self.environment = environment
        self.prompt = prompt
        self.directory = directory
        self.session = session
        self.resumeNote = resumeNote
        self.reports = reports
        self.proxy = proxy
        self.answerLimit = answerLimit
        self.answerSeconds = answerSeconds
        self.progress = progress
        self.prompts = prompts
        self.handshakeSeconds = handshakeSeconds
        self.graceSeconds = graceSeconds
    }

    public var task: AgentTask {
        AgentTask(prompt: prompt, directory: directory, session: session, resumeNote: resumeNote)
    }
}
