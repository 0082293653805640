/// Everything that can be set, with its default. What each value means and its bounds: ``SettingCatalog``.
public struct PandarSettings: Sendable {
    public var instance = InstanceSection()
    public var kafka = KafkaSection()
    public var delivery = DeliverySection()
    public var runner = RunnerSection()
    public var sandbox = SandboxSection()
    public var projects = ProjectsSection()
    public var task = TaskSection()
    public var confirmation = ConfirmationSection()
    public var policy = PolicySection()
    public var auth = AuthSection()
    public var gates = GatesSection()
    public var alerts = AlertsSection()
    public var agents = AgentsSection()
    public var http = HTTPSection()
    public var cache = CacheSection()
    public var log = LogSection()
    /// Seconds that running attempts may go on after the first signal to stop.
    public var drainSeconds = 30

    public init() {}

    /// The cache's file: `cache.path`, or `cache.sqlite` in the data directory.
    public var cachePath: String { cache.path.isEmpty ? instance.dataDirectory + "/cache.sqlite" : cache.path }

    /// Where a running service writes down how to reach it, for the other commands.
    public var servicePath: String { instance.dataDirectory + "/service.json" }
}

/// Who this instance is and where it keeps its files.
public struct InstanceSection: Sendable {
    /// Unique in the consumer group, the same after a restart.
    public var id = HostDefaults.instanceID
    public var dataDirectory = HostDefaults.dataDirectory
}

/// When inputs and what they caused are committed.
public struct DeliverySection: Sendable {
    /// How input offsets and what they caused get into the log together.
    public enum Guarantee: String, Sendable, CaseIterable {
        /// One transaction for both; any Kafka from 2.5 on.
        case exactlyOnce = "exactly_once"
        /// Effects first, offsets last; for brokers without transactions, the embedded one among them.
        case atLeastOnce = "at_least_once"
    }

    public var guarantee = Guarantee.exactlyOnce
    /// Most input records in one commit.
    public var maxRecords = 2000
}

/// What `project_id` means, and the workspaces of tasks.
public struct ProjectsSection: Sendable {
    /// Empty where every project has an empty, private workspace.
    public var file = ""
    /// Seconds that a mirror of a repository counts as up to date.
    public var fetchSeconds = 60
    /// MB that kept workspaces may take together.
    public var keptLimitMB = 10_240
}

/// When a human is asked, and for how long.
public struct ConfirmationSection: Sendable {
    /// Seconds until a question that nobody answered counts as rejected.
    public var expiresSeconds = 604_800
    /// Whether who asked for a task may approve it.
    public var allowsRequester = false
}

/// What operators are told about the service itself.
public struct AlertsSection: Sendable {
    /// As it is set, with commas.
    var channelList = ""

    /// Where alerts go; they always stand on the notifications topic.
    public var channels: [String] { channelList.commaSeparated }
}

/// The HTTP server.
public struct HTTPSection: Sendable {
    public var isEnabled = true
    /// `HOST:PORT`; loopback only. Port 0 takes any.
    public var listen = "127.0.0.1:8100"
}

/// The local read model.
public struct CacheSection: Sendable {
    /// Empty for `cache.sqlite` in the data directory.
    public var path = ""
    /// Days that a finished task stays in the cache; 0 for ever.
    public var retentionDays = 90
    /// Days that output and notifications stay in the cache.
    public var outputRetentionDays = 7
}

/// What the service logs, on stderr.
public struct LogSection: Sendable {
    public enum Level: String, Sendable, CaseIterable {
        case trace, debug, info, notice, warning, error, critical
    }

    public enum Format: String, Sendable, CaseIterable {
        case text, json
    }

    public var level = Level.info
    public var format = Format.text
}
