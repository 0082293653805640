import Foundation
import Kafka
import Testing

/// A real Kafka that somebody has started: `PANDAR_TEST_BOOTSTRAP=host:port`. The embedded broker has no transactions,
/// no fencing, no static membership and no topics on request, so these are only proved there.
enum RealBroker {
    static let bootstrap = ProcessInfo.processInfo.environment["PANDAR_TEST_BOOTSTRAP"]

    static let isThere: Bool = {
        if bootstrap == nil {
            print("The tests against a real Kafka are not run: set PANDAR_TEST_BOOTSTRAP=host:port to run them.")
        }
        return bootstrap != nil
    }()

    static func settings(_ properties: [String: String] = [:]) throws -> KafkaSettings {
        .quick(try #require(bootstrap), properties)
    }

    /// A name that no other run has used.
    static func unique(_ name: String) -> String { "pandar-test-\(name)-\(UUID().uuidString)" }

    static func topic(partitions: Int32 = 1, config: [String: String] = [:]) throws -> String {
        let name = unique("topic")
        try Admin(settings(), logger: .silent).create([
            NewTopic(name: name, partitions: partitions, replicationFactor: 1, config: config)
        ])
        return name
    }
}
