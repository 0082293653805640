import Foundation
import Kafka
import TaskModel
import TaskService

/// Where one measurement's records go: fresh topics on an embedded broker of its own, or on the cluster of
/// `--bootstrap`.
struct BenchCluster {
    let settings: KafkaSettings
    let layout: TopicLayout
    let guarantee: DeliveryGuarantee

    init(joining bootstrap: String, _ layout: TopicLayout, _ guarantee: DeliveryGuarantee) {
        // An embedded broker lets a group wait for about the session time-out before its members get their partitions.
        settings = KafkaSettings(bootstrapServers: bootstrap, properties: ["session.timeout.ms": "6000"])
        self.layout = layout
        self.guarantee = guarantee
    }

    /// Calls `body` with a cluster that holds nothing yet, and leaves nothing behind.
    static func with<Value>(
        _ options: BenchOptions, partitions: Int32 = 6, _ body: (BenchCluster) throws -> Value
    ) throws -> Value {
        let prefix = "pandar-bench-\(UUID().uuidString.prefix(8).lowercased())."
        let layout = TopicLayout(prefix: prefix, partitions: partitions)
        guard let bootstrap = options.bootstrap else {
            let broker = try ChildProcess(["broker", "--partitions", "\(partitions)", "--prefix", prefix])
            defer { broker.close() }
            return try body(BenchCluster(joining: try broker.line(), layout, options.guarantee))
        }
        let cluster = BenchCluster(joining: bootstrap, layout, options.guarantee)
        let admin = try Admin(cluster.settings, logger: Console.logger)
        try admin.create(
            layout.definitions.map { NewTopic(name: $0.name, partitions: $0.partitions, config: $0.config) })
        defer {
            do {
                try admin.delete(layout.definitions.map(\.name))
            } catch {
                Console.say("  The topics \(prefix)* could not be deleted: \(error)")
            }
        }
        try waitUntilKnown(admin, layout)
        return try body(cluster)
    }

    /// A cluster says that topics are made before all of it knows them.
    private static func waitUntilKnown(_ admin: Admin, _ layout: TopicLayout) throws {
        let deadline = Date(timeIntervalSinceNow: 30)
        while !TopicCheck.problems(try admin.metadata(), layout).isEmpty {
            guard Date() < deadline else { throw BenchError("The cluster does not know its new topics after 30 s.") }
            Thread.sleep(forTimeInterval: 0.1)
        }
    }

    /// All partitions of `topics`.
    func places(_ topics: String...) -> [TopicPartition] {
        topics.flatMap { topic in (0..<layout.partitions).map { TopicPartition(topic: topic, partition: $0) } }
    }
}
