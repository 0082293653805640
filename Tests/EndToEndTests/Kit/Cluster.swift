import Foundation
import Kafka
import Logging
import TaskModel
import TestKit
import Testing

/// A broker and the topics of one deployment on it.
struct Cluster: Sendable {
    let bootstrap: String
    let layout: TopicLayout
    let isEmbedded: Bool
    /// The broker's process, where the test started one.
    let process: ChildProcess?

    /// A `pandar broker` of the test's own.
    static func embedded(_ bed: TestBed, partitions: Int32 = 3) async throws -> Cluster {
        let process = try bed.start(
            "broker", Programs.pandar,
            ["broker", "--listen", "127.0.0.1:0", "--set", "kafka.partitions=\(partitions)"])
        let ready = try await process.ready()
        let bootstrap = try #require(ready["bootstrap"]?.stringValue)
        return Cluster(
            bootstrap: bootstrap, layout: TopicLayout(partitions: partitions), isEmbedded: true, process: process)
    }

    /// A broker that is there already, with topics of a unique prefix made by `pandar topics apply`.
    static func external(_ bed: TestBed, _ bootstrap: String, partitions: Int32 = 3) async throws -> Cluster {
        let layout = TopicLayout(prefix: "e2e-\(UUID().uuidString.prefix(8).lowercased()).", partitions: partitions)
        let cluster = Cluster(bootstrap: bootstrap, layout: layout, isEmbedded: false, process: nil)
        try await bed.run(Programs.pandar, ["topics", "apply"] + cluster.flags).expecting()
        bed.atEnd {
            let admin = try? Admin(cluster.kafka, logger: logger)
            try? admin?.delete(layout.definitions.map(\.name))
        }
        return cluster
    }

    /// The settings that every program needs to find the deployment.
    var settings: [String: String] {
        [
            "kafka.topic_prefix": layout.prefix, "kafka.partitions": String(layout.partitions),
            "kafka.group_id": layout.prefix + "e2e",
        ]
    }

    var flags: [String] { ["--bootstrap", bootstrap] + ServiceSettings.flags(settings) }

    var kafka: KafkaSettings { KafkaSettings(bootstrapServers: bootstrap) }

    static let logger: Logger = {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }()
}

extension ChildProcess {
    /// Waits for the JSON line that says that it is ready.
    func ready(seconds: Double = 120) async throws -> JSONObject {
        let line = try await state.until("\(name) is ready", seconds: seconds) { state in
            state.lines.first ?? state.status.map { "ended with \($0)" }
        }
        let object = try? JSONParser.parse(line).objectValue
        return try #require(object?["event"]?.stringValue == "ready" ? object : nil, "\(name): \(line)\n\(logText)")
    }
}
