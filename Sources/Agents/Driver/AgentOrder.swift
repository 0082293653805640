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
    /// A program that answers questions in words: JSON in, JSON out.
    public var answerer: [String]
    /// How many questions in words it may answer.
    public var answerLimit: Int
    /// How long the program may take for its first answer, in seconds.
    public var handshakeSeconds: Int
    /// How long the program may take to end when it was told to, in seconds.
    public var graceSeconds: Int

    public init(
        adapter: AdapterKind, program: [String], environment: [String: String] = [:], prompt: String, directory: String,
        session: String? = nil, resumeNote: String? = nil, reports: String? = nil, answerer: [String] = [],
        answerLimit: Int = 20, handshakeSeconds: Int = 60, graceSeconds: Int = 10
    ) {
        self.adapter = adapter
        self.program = program
        self.environment = environment
        self.prompt = prompt
        self.directory = directory
        self.session = session
        self.resumeNote = resumeNote
        self.reports = reports
        self.answerer = answerer
        self.answerLimit = answerLimit
        self.handshakeSeconds = handshakeSeconds
        self.graceSeconds = graceSeconds
    }

    public var task: AgentTask {
        AgentTask(prompt: prompt, directory: directory, session: session, resumeNote: resumeNote)
    }
}
