/// The topics of a deployment: names, partitions, retention. `topics/definitions.yaml` says the same for people.
public struct TopicLayout: Hashable, Sendable {
    /// Before every name, `pandar.` by default.
    public let prefix: String
    /// Of requests, confirmations, reports and status, and of what tasks emit. Fixed for the life of a deployment.
    public let partitions: Int32

    public init(prefix: String = "pandar.", partitions: Int32 = 6) {
        self.prefix = prefix
        self.partitions = partitions
    }

    public var requests: String { prefix + "task-requests" }
    public var confirmations: String { prefix + "task-confirmations" }
    public var reports: String { prefix + "task-reports" }
    public var status: String { prefix + "task-status" }
    public var progress: String { prefix + "task-progress" }
    public var output: String { prefix + "task-output" }
    public var notifications: String { prefix + "task-notifications" }
    public var schedules: String { prefix + "task-schedules" }
    public var deadLetters: String { prefix + "task-dead-letters" }

    /// Every topic with its settings.
    public var definitions: [TopicDefinition] {
        [
            define(requests, retentionDays: 7, Self.input),
            define(confirmations, retentionDays: 7, Self.input),
            define(reports, retentionDays: 1),
            // A snapshot holds the whole request, up to 1 MiB, and the state.
            TopicDefinition(
                name: status, partitions: partitions,
                config: ["cleanup.policy": "compact", "max.message.bytes": "4194304"]),
            define(progress, retentionDays: 7),
            define(output, retentionDays: 7),
            define(notifications, retentionDays: 7),
            TopicDefinition(name: schedules, partitions: partitions, config: ["cleanup.policy": "compact"]),
            // Whatever could be written to an input topic must fit, with the reason beside it.
            define(deadLetters, retentionDays: 30, ["max.message.bytes": "16777216"]),
        ]
    }

    /// A record's time is when the broker took it in: a producer's own word is no proof that its token still counted.
    private static let input = ["message.timestamp.type": "LogAppendTime"]

    private func define(
        _ name: String, retentionDays: Int64, _ further: [String: String] = [:]
    ) -> TopicDefinition {
        let config = ["cleanup.policy": "delete", "retention.ms": String(retentionDays * 86_400_000)]
        return TopicDefinition(name: name, partitions: partitions, config: config.merging(further) { $1 })
    }
}

/// One topic as it must be.
public struct TopicDefinition: Hashable, Sendable {
    public let name: String
    public let partitions: Int32
    /// Broker settings by their own names.
    public let config: [String: String]

    public init(name: String, partitions: Int32, config: [String: String]) {
        self.name = name
        self.partitions = partitions
        self.config = config
    }
}
