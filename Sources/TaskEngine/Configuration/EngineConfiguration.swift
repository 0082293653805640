public import CommandPolicy
public import Gates
public import TaskModel

/// What the engine goes by. The same on every instance but for `runner` and `incarnation`.
public struct EngineConfiguration: Sendable {
    /// Partitions of requests, confirmations, reports and status; fixed for the life of a deployment.
    public var partitionCount: Int32
    public var partitioner: Partitioner
    /// This instance, which runs the attempts that its partitions start.
    public var runner: String
    /// New with every start of the instance.
    public var incarnation: String
    /// How long a runner may be silent, in seconds.
    public var leaseSeconds: Int
    /// How much longer the owner waits than the runner, in seconds: bounds the difference of their clocks' rates and
    /// the time that killing takes.
    public var leaseMarginSeconds: Int
    /// Attempts that may be lost in a row before the task fails.
    public var maxLostAttempts: Int
    /// Attempts in a row that may fail for a reason that time mends, such as a model that is down, and spend no retry.
    public var maxTransientFailures: Int
    /// Seconds; where the request says nothing.
    public var defaultTimeoutSeconds: Int
    /// Where the request says nothing.
    public var defaultMaxRetries: Int
    public var backoff: RetryBackoff
    /// Seconds of waiting that weigh as much as one level of priority. With the default of an hour a `low` task that
    /// waited three hours goes before an `urgent` one that just came.
    public var ageingSeconds: Int
    /// Seconds until a confirmation expires.
    public var confirmationSeconds: Int
    /// Whether who asked for a task may approve it.
    public var allowsRequesterApproval: Bool
    /// Least milliseconds between two snapshots that only tell progress.
    public var progressIntervalMilliseconds: Int64
    /// Whether an attempt starts only when its `running` snapshot came back as the current one: needed where the
    /// broker does not refuse former owners (`at_least_once`).
    public var startsAfterEcho: Bool
    /// How attempts are separated from the machine here, as every snapshot says.
    public var sandbox: SandboxMode?
    /// Which commands may run. The default allows any: the service sets what its settings say.
    public var policy: CommandPolicy
    /// Where a human must decide. The default is what ships.
    public var gates: GateCatalog
    /// The projects that are configured; `nil` accepts any.
    public var projects: Set<Int64>?
    /// Seconds after which a task that waits for an answer gives its slot free, though its attempt goes on.
    public var parkAfterSeconds: Int
    /// Where alerts about the service go.
    public var alertChannels: [String]
    /// Rules that the simulation can switch off to show that it would notice.
    public var rules: EngineRules

    public init(
        partitionCount: Int32, partitioner: Partitioner = .murmur2, runner: String, incarnation: String,
        leaseSeconds: Int = 30, leaseMarginSeconds: Int = 10, maxLostAttempts: Int = 3,
        maxTransientFailures: Int = 5,
        defaultTimeoutSeconds: Int = 3600, defaultMaxRetries: Int = 0, backoff: RetryBackoff = RetryBackoff(),
        ageingSeconds: Int = 3600, confirmationSeconds: Int = 604_800, allowsRequesterApproval: Bool = false,
        progressIntervalMilliseconds: Int64 = 10_000, startsAfterEcho: Bool = false,
        policy: CommandPolicy = .permissive, gates: GateCatalog = .builtIn, projects: Set<Int64>? = nil,
        parkAfterSeconds: Int = 60, alertChannels: [String] = [], rules: EngineRules = .all
    ) {
        self.partitionCount = partitionCount
        self.partitioner = partitioner
        self.runner = runner
        self.incarnation = incarnation
        self.leaseSeconds = leaseSeconds
        self.leaseMarginSeconds = leaseMarginSeconds
        self.maxLostAttempts = maxLostAttempts
        self.maxTransientFailures = maxTransientFailures
        self.defaultTimeoutSeconds = defaultTimeoutSeconds
        self.defaultMaxRetries = defaultMaxRetries
        self.backoff = backoff
        self.ageingSeconds = ageingSeconds
        self.confirmationSeconds = confirmationSeconds
        self.allowsRequesterApproval = allowsRequesterApproval
        self.progressIntervalMilliseconds = progressIntervalMilliseconds
        self.startsAfterEcho = startsAfterEcho
        self.policy = policy
        self.gates = gates
        self.projects = projects
        self.parkAfterSeconds = parkAfterSeconds
        self.alertChannels = alertChannels
        self.rules = rules
    }
}

/// The engine's rules that keep its promises. All are on; only the simulation's own tests switch one off.
public struct EngineRules: OptionSet, Sendable {
    public let rawValue: Int

    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// A request with a known id changes nothing.
    public static let dedupe = EngineRules(rawValue: 1 << 0)
    /// The owner waits longer than the runner before it gives an attempt to somebody else.
    public static let leaseMargin = EngineRules(rawValue: 1 << 1)
    /// Tasks with one concurrency key run one at a time.
    public static let concurrencyKey = EngineRules(rawValue: 1 << 2)
    /// A report counts only for the attempt, runner and incarnation that the lease names.
    public static let reportFencing = EngineRules(rawValue: 1 << 3)
    /// An action or decision that is read twice is applied once.
    public static let appliedInputs = EngineRules(rawValue: 1 << 4)
    /// A foreign lease runs out only after all reports that were written before its end have been read.
    public static let reportsHorizon = EngineRules(rawValue: 1 << 5)

    /// An approval that an attempt has used is no grant for the next.
    public static let grantUse = EngineRules(rawValue: 1 << 6)

    public static let all: EngineRules = [
        .dedupe, .leaseMargin, .concurrencyKey, .reportFencing, .appliedInputs, .reportsHorizon, .grantUse,
    ]
}

extension TaskSnapshot {
    /// Whether an attempt is alive that this instance runs.
    public func isRun(by configuration: EngineConfiguration) -> Bool {
        state.lease?.runner == configuration.runner && state.lease?.incarnation == configuration.incarnation
    }
}
