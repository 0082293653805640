/// Every setting, in the order of the file.
public enum SettingCatalog {
    /// The map of librdkafka's own settings stands beside the catalogue: its names are not ours.
    public static let propertiesKey = "kafka.properties"

    public static let all: [Setting] =
        instance + kafka + delivery + runner + sandbox + projects + tasks + policy + gates + agents + auth + serving

    /// The setting of that name.
    public static func setting(_ key: String) -> Setting? { byKey[key] }

    private static let byKey = Dictionary(all.map { ($0.key, $0) }) { first, _ in first }

    private static let instance: [Setting] = [
        .text(
            "instance.id", \.instance.id,
            "The instance's name: unique in the group, the same after a restart.",
            allowed: "1 to 120 characters of A-Z, a-z, 0-9 and . _ -", default: "pandar-<host name>",
            isAllowed: { isName($0, 120) }),
        .text(
            "instance.data_dir", \.instance.dataDirectory,
            "Where the cache, working directories and service.json are kept.", allowed: "a path",
            default: "/var/lib/pandar for root, else $XDG_STATE_HOME/pandar or ~/.local/state/pandar",
            isAllowed: { !$0.isEmpty }),
    ]

    private static let kafka: [Setting] = [
        .text(
            "kafka.bootstrap_servers", \.kafka.bootstrapServers, "HOST:PORT of one or more brokers, with commas.",
            allowed: "HOST:PORT, several with commas", isAllowed: { !$0.isEmpty }),
        .text(
            "kafka.group_id", \.kafka.groupID, "The consumer group that all instances share.",
            allowed: "1 to 200 characters of A-Z, a-z, 0-9 and . _ -", isAllowed: { isName($0, 200) }),
        .text(
            "kafka.topic_prefix", \.kafka.topicPrefix, "Stands before every topic's name.",
            allowed: "at most 200 characters of A-Z, a-z, 0-9 and . _ -", isAllowed: { $0.isEmpty || isName($0, 200) }),
        .integer(
            "kafka.partitions", \.kafka.partitions, 1...1024,
            "Partitions of the topics that are made; fixed for the life of a deployment."),
        .integer(
            "kafka.replication_factor", \.kafka.replicationFactor, -1...32,
            "Copies of the topics that are made; -1 for the broker's default."),
        .choice(
            "kafka.partitioner", \.kafka.partitioner,
            "How most producers hash keys: murmur2 (Java and most clients) or crc32 (librdkafka's default)."),
        .flag(
            "kafka.static_membership", \.kafka.usesStaticMembership,
            "Keep an instance's partitions while it restarts; off with the embedded broker, which cannot."),
        .integer(
            "kafka.session_timeout_ms", \.kafka.sessionTimeoutMilliseconds, 4000...1_800_000,
            "Milliseconds of silence after which the group takes an instance for dead."),
    ]

    private static let delivery: [Setting] = [
        .choice(
            "delivery.guarantee", \.delivery.guarantee,
            "exactly_once (any Kafka from 2.5 on) or at_least_once (always with the embedded broker)."),
        .integer("commit.max_records", \.delivery.maxRecords, 1...100_000, "Most input records in one commit."),
    ]

    private static func isName(_ text: String, _ length: Int) -> Bool {
        (1...length).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
