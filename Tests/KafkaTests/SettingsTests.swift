import Kafka
import Logging
import TestKit
import Testing

@Suite("Settings go to librdkafka by its names; secrets stay secret")
struct SettingsTests {
    private static let secret = "hunter2-secret"

    @Test("A property that is not known is named", arguments: ["no.such.property", "session.timeout.msx"])
    func unknown(name: String) {
        let error = #expect(throws: KafkaError.self) { try Admin(.quick("x:1", [name: "1"]), logger: .silent) }
        #expect(error?.code == .configuration)
        #expect(error?.description.contains(name) == true)
    }

    @Test("A value that is refused is named with its property")
    func refused() {
        let error = #expect(throws: KafkaError.self) {
            try Producer(.quick("x:1", ["linger.ms": "soon"]), logger: .silent)
        }
        #expect(error?.code == .configuration)
        #expect(error?.description.contains("linger.ms") == true)
    }

    @Test("Settings for consumers only do not disturb a producer")
    func consumerSettings() throws {
        let log = Observed<[String]>([])
        let settings = KafkaSettings.quick("127.0.0.1:1", ["group.id": "g", "group.instance.id": "i"])
        _ = try Producer(settings, logger: Logger(label: "test", factory: { _ in Captured(log) }))
        #expect(log.value.filter { $0.contains("group.") || $0.contains("session.") } == [])
    }

    @Test(
        "No secret in descriptions, errors or logs, whatever is wrong",
        arguments: [
            [
                "sasl.password": secret, "sasl.username": "u", "sasl.mechanisms": "NO-SUCH",
                "security.protocol": "sasl_plaintext",
            ],
            [
                "sasl.password": secret, "sasl.username": "u", "sasl.mechanisms": "PLAIN",
                "security.protocol": "sasl_plaintext",
            ],
            ["ssl.key.password": secret, "ssl.key.location": "/no/such/file", "security.protocol": "ssl"],
            ["ssl.keystore.password": secret, "ssl.keystore.location": "/no/such/file", "security.protocol": "ssl"],
            ["ssl.key.pem": secret, "security.protocol": "ssl"],
            ["ssl.ca.pem": secret, "security.protocol": "ssl"],
            ["sasl.oauthbearer.client.secret": secret, "sasl.oauthbearer.method": "nonsense"],
            [
                "sasl.oauthbearer.config": secret, "sasl.mechanisms": "OAUTHBEARER",
                "security.protocol": "sasl_plaintext",
            ],
            ["sasl.passwordx": secret], ["some.unknown.token": secret],
        ])
    func secrets(properties: [String: String]) throws {
        let settings = KafkaSettings(bootstrapServers: "127.0.0.1:1", properties: properties)
        let log = Observed<[String]>([])
        let logger = Logger(label: "test", factory: { _ in Captured(log) })
        var told = ["\(settings)", String(reflecting: settings)]
        told.append("\(settings)")
        do {
            _ = try Admin(settings, logger: logger).metadata(seconds: 0.5)
        } catch {
            told += ["\(error)", String(reflecting: error), error.message]
        }
        #expect(told.count == 6)
        for line in told + log.value { #expect(!line.contains(Self.secret)) }
        #expect(told[0].contains("=****"))
    }
}

/// Keeps log lines.
private struct Captured: LogHandler {
    let lines: Observed<[String]>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    init(_ lines: Observed<[String]>) {
        self.lines = lines
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.change { $0.append("\(event.message) \(event.metadata ?? [:])") }
    }
}
