internal import Kafka
internal import TaskModel

/// How the topics of the cluster differ from those that Pandar needs.
struct TopicPlan: Sendable {
    /// A topic that is there, as far as the broker tells.
    struct Found: Sendable {
        let partitions: Int32
        /// `nil` when the broker does not tell.
        let config: [String: String]?
    }

    let missing: [TopicDefinition]
    /// Sentences with the remedy.
    let differences: [String]
    let hasWrongPartitions: Bool
    private let count: Int

    init(wanted: [TopicDefinition], found: [String: Found]) {
        count = wanted.count
        missing = wanted.filter { found[$0.name] == nil }
        var differences: [String] = []
        var hasWrongPartitions = false
        for topic in wanted {
            guard let actual = found[topic.name] else { continue }
            if actual.partitions != topic.partitions {
                hasWrongPartitions = true
                differences.append(
                    "differs  \(topic.name) has \(actual.partitions) partitions, wanted \(topic.partitions): set "
                        + "kafka.partitions to \(actual.partitions), or create the topic anew")
            }
            for (name, value) in topic.config.sorted(by: { $0.key < $1.key }) {
                guard let current = actual.config?[name], current != value else { continue }
                differences.append(
                    "differs  \(topic.name) has \(name)=\(current), wanted \(value): kafka-configs.sh --alter "
                        + "--entity-type topics --entity-name \(topic.name) --add-config \(name)=\(value)")
            }
        }
        self.differences = differences
        self.hasWrongPartitions = hasWrongPartitions
    }

    /// Asks the broker.
    init(_ client: ClientSettings) throws {
        let admin = try client.admin()
        let cluster = try admin.metadata()
        let known = cluster.topics
        let wanted = client.layout.definitions
        var found: [String: Found] = [:]
        // The embedded broker does not answer such questions; elsewhere the first one tells whether the others will.
        var answers = !EmbeddedBroker.isEmbedded(clusterID: cluster.clusterID)
        for topic in wanted {
            guard let metadata = known[topic.name] else { continue }
            let config = answers ? try? admin.describe(topic.name, seconds: 3) : nil
            answers = config != nil
            found[topic.name] = Found(partitions: metadata.partitions, config: config)
        }
        self.init(wanted: wanted, found: found)
    }

    /// The plan, one line a step.
    var lines: [String] {
        let steps = missing.map { topic in
            let config = topic.config.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            return "missing  \(topic.name)  partitions=\(topic.partitions) \(config.joined(separator: " "))"
        }
        let all = steps + differences
        return all.isEmpty ? ["All \(count) topics are as they must be."] : all
    }
}
