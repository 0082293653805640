public import Agents
public import Authorization
public import Kafka
public import TaskEngine
public import TaskModel
public import TaskRunner

/// How input offsets and what they caused get into the log together.
public enum DeliveryGuarantee: String, Sendable, CaseIterable {
    /// One transaction holds both; former owners are refused by the broker. Any Kafka from 2.5 on.
    case exactlyOnce = "exactly_once"
    /// Effects first, snapshots after them, offsets last. For brokers without transactions.
    case atLeastOnce = "at_least_once"
}

/// All that one instance of the service needs to know.
public struct ServiceConfiguration: Sendable {
    /// The instance's name: unique in the group and the same after a restart.
    public var instance: String
    public var kafka: KafkaSettings
    public var groupID: String
    public var layout: TopicLayout
    public var guarantee: DeliveryGuarantee
    /// Static membership (`group.instance.id`), where the broker has it.
    public var usesStaticMembership: Bool
    /// Partitioner, leases, retries and so on. `runner`, `incarnation` and `startsAfterEcho` are set by the service.
    public var engine: EngineConfiguration
    /// Whose word counts for what comes in.
    public var authority = RecordAuthority.trusted
    /// Attempts that may run at once here; 0 makes the instance a stats replica, which joins no group.
    public var slots: Int
    /// Most input records in one commit.
    public var maximumBatch: Int
    /// Seconds that attempts may go on after the first signal to stop.
    public var drainSeconds: Int
    public var cachePath: String
    /// Where attempts get their working directories.
    public var workDirectory: String
    /// `PATH` of attempts.
    public var attemptPath: String
    /// Seconds between heartbeats of an attempt.
    public var heartbeatSeconds: Int
    /// Seconds from SIGTERM to SIGKILL.
    public var killGraceSeconds: Int
    /// Bytes of output that one attempt may publish.
    public var outputLimitBytes: Int
    /// How attempts are separated from the machine.
    public var isolation: Isolation
    /// The projects whose tasks are run.
    public var projects = ProjectCatalog.open
    /// The agents that the first word of a command can name.
    public var agents = AgentCatalog.builtIn
    /// Bytes that kept workspaces may take together.
    public var keptLimitBytes: Int64 = 10_737_418_240
    /// Seconds that a mirror of a repository counts as up to date.
    public var fetchSeconds = 60
    /// Days that a finished task stays in the cache; 0 for ever.
    public var retentionDays: Int
    /// Days that output and notifications stay in the cache; 0 for ever.
    public var outputRetentionDays: Int

    public init(
        instance: String, kafka: KafkaSettings, groupID: String = "pandar", layout: TopicLayout,
        guarantee: DeliveryGuarantee, usesStaticMembership: Bool = false, engine: EngineConfiguration, slots: Int,
        maximumBatch: Int = 2000, drainSeconds: Int = 30, cachePath: String, workDirectory: String,
        attemptPath: String, heartbeatSeconds: Int = 5, killGraceSeconds: Int = 10,
        outputLimitBytes: Int = 10_485_760, isolation: Isolation = .none, retentionDays: Int = 90,
        outputRetentionDays: Int = 7
    ) {
        self.instance = instance
        self.kafka = kafka
        self.groupID = groupID
        self.layout = layout
        self.guarantee = guarantee
        self.usesStaticMembership = usesStaticMembership
        self.engine = engine
        self.slots = slots
        self.maximumBatch = maximumBatch
        self.drainSeconds = drainSeconds
        self.cachePath = cachePath
        self.workDirectory = workDirectory
        self.attemptPath = attemptPath
        self.heartbeatSeconds = heartbeatSeconds
        self.killGraceSeconds = killGraceSeconds
        self.outputLimitBytes = outputLimitBytes
        self.isolation = isolation
        self.retentionDays = retentionDays
        self.outputRetentionDays = outputRetentionDays
    }
}
