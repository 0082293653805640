/// What upstream asks for, decoded and validated. Fields and limits: the contract's TaskRequest.
public struct TaskRequest: Hashable, Sendable {
    public var taskID: TaskID?
    public var name: String
    public var description: String?
    public var command: String
    public var projectID: Int64
    public var priority: TaskPriority
    public var scheduledAt: Timestamp?
    /// An integer or a string.
    public var createdBy: JSONValue?
    public var metadata: TaskMetadata
    /// Members that Pandar does not know, kept as they came.
    public var extras: [JSONObject.Member]

    public init(
        taskID: TaskID? = nil, name: String, description: String? = nil, command: String, projectID: Int64,
        priority: TaskPriority = .medium, scheduledAt: Timestamp? = nil, createdBy: JSONValue? = nil,
        metadata: TaskMetadata = TaskMetadata(), extras: [JSONObject.Member] = []
    ) {
        self.taskID = taskID
        self.name = name
        self.description = description
        self.command = command
        self.projectID = projectID
        self.priority = priority
        self.scheduledAt = scheduledAt
        self.createdBy = createdBy
        self.metadata = metadata
        self.extras = extras
    }

    /// Who asked, as text (`"42"` for the integer 42).
    public var requester: String? {
        switch createdBy {
        case .string(let text): text
        case .integer(let number): String(number)
        default: nil
        }
    }
}

/// The `metadata` of a request.
public struct TaskMetadata: Hashable, Sendable {
    public var agent: String?
    public var proxyAgent: String?
    public var approvalPolicy: ApprovalPolicy?
    public var gates: [String]
    public var notify: [String]
    /// Seconds, 1–604,800.
    public var timeoutSeconds: Int?
    /// 0–10.
    public var maxRetries: Int?
    /// A string or an object.
    public var context: JSONValue?
    public var concurrencyKey: String?
    public var sandbox: JSONObject?
    /// What its agents may use in all attempts together.
    public var budget: TaskBudget?
    /// Members that Pandar does not know, kept as they came.
    public var extras: [JSONObject.Member]

    public init(
        agent: String? = nil, proxyAgent: String? = nil, approvalPolicy: ApprovalPolicy? = nil, gates: [String] = [],
        notify: [String] = [], timeoutSeconds: Int? = nil, maxRetries: Int? = nil, context: JSONValue? = nil,
        concurrencyKey: String? = nil, sandbox: JSONObject? = nil, extras: [JSONObject.Member] = []
    ) {
        self.agent = agent
        self.proxyAgent = proxyAgent
        self.approvalPolicy = approvalPolicy
        self.gates = gates
        self.notify = notify
        self.timeoutSeconds = timeoutSeconds
        self.maxRetries = maxRetries
        self.context = context
        self.concurrencyKey = concurrencyKey
        self.sandbox = sandbox
        self.extras = extras
    }
}
