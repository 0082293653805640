public import Kafka
public import TaskModel

/// How to reach the cluster and what the topics are called there.
public struct KafkaSection: Sendable {
    /// `HOST:PORT`, several with commas.
    public var bootstrapServers = "127.0.0.1:9092"
    public var groupID = "pandar"
    /// Stands before every topic's name.
    public var topicPrefix = "pandar."
    /// Partitions of topics that are made. Fixed for the life of a deployment.
    public var partitions = 6
    /// Copies of topics that are made; -1 for the broker's default.
    public var replicationFactor = -1
    public var partitioner = Partitioner.murmur2
    /// Keeps the partitions of an instance while it restarts (`group.instance.id`).
    public var usesStaticMembership = true
    /// Milliseconds without a heartbeat after which the group takes an instance for dead.
    public var sessionTimeoutMilliseconds = 45_000
    /// librdkafka's own settings, TLS and SASL among them. Values may be secret; ``LoadedSettings`` masks them.
    public var properties: [String: String] = [:]

    /// The settings in the form that the clients take.
    public var client: KafkaSettings {
        KafkaSettings(bootstrapServers: bootstrapServers, properties: properties)
    }
}
