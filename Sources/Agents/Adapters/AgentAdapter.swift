/// One side of a conversation with an agent's program: lines in, actions out. No I/O, no clock, no threads.
public protocol AgentAdapter: Sendable {
    /// What is said first.
    mutating func start() -> [AgentAction]
    /// A line that begins with `{`.
    mutating func receive(line: [UInt8]) -> [AgentAction]
    /// Answers a question, once; what is not open any more is left alone.
    mutating func answer(_ question: AgentQuestion.ID, _ answer: AgentAnswer) -> [AgentAction]
    /// Asks the agent to stop, by its protocol. Open questions are answered so that nothing of them runs.
    mutating func interrupt() -> [AgentAction]
    /// The program is gone, with its exit status (128 and the signal's number where one ended it).
    mutating func ended(exitCode: Int32) -> [AgentAction]
    /// Whether the program has answered the first request: until then a time limit is in order.
    var isReady: Bool { get }
}

/// The task as an adapter needs it.
public struct AgentTask: Hashable, Sendable {
    public var prompt: String
    /// Absolute path of the workspace, as the agent sees it.
    public var directory: String
    /// The session to go on with.
    public var session: String?
    /// What is said to a session that goes on, in place of the prompt.
    public var resumeNote: String?

    public init(prompt: String, directory: String, session: String? = nil, resumeNote: String? = nil) {
        self.prompt = prompt
        self.directory = directory
        self.session = session
        self.resumeNote = resumeNote
    }

    /// What is said first in this run.
    var words: String {
        guard session != nil else { return prompt }
        return resumeNote ?? "The run was interrupted. Look at what is done already and go on with the task."
    }
}

extension AdapterKind {
    /// The adapter for one run; `nil` where there is no protocol.
    public func adapter(for task: AgentTask) -> (any AgentAdapter)? {
        switch self {
        case .codexAppServer: CodexAdapter(task)
        case .claudeStreamJSON: ClaudeAdapter(task)
        case .acp: ACPAdapter(task)
        case .exec: nil
        }
    }

    /// What the program is given after its configured arguments.
    ///
    /// - Parameter newSession: a fresh UUID, for programs whose sessions are named by whoever starts them.
    public func arguments(session: String?, newSession: String) -> [String] {
        switch self {
        case .claudeStreamJSON: [session.map { "--resume=" + $0 } ?? "--session-id=" + newSession]
        case .codexAppServer, .acp, .exec: []
        }
    }

    /// What the program's environment needs for the protocol to hold; the configuration's own values go before.
    public var environment: [String: String] {
        switch self {
        case .claudeStreamJSON:
            // Seven days, the longest a task may take: a push that waits for a person runs inside a shell tool.
            ["BASH_DEFAULT_TIMEOUT_MS": "604800000", "BASH_MAX_TIMEOUT_MS": "604800000"]
        case .codexAppServer, .acp: [:]
        // A pager waits for keys, on a terminal.
        case .exec: ["PAGER": "cat", "GIT_PAGER": "cat"]
        }
    }
}
