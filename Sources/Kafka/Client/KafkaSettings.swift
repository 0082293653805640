/// How to reach a cluster: librdkafka's own properties, TLS and SASL among them.
public struct KafkaSettings: Sendable, CustomStringConvertible {
    /// By librdkafka's names. What stands here goes before the defaults of this module.
    public var properties: [String: String]

    public init(bootstrapServers: String, properties: [String: String] = [:]) {
        self.properties = properties
        self.properties["bootstrap.servers"] = bootstrapServers
    }

    public var bootstrapServers: String { properties["bootstrap.servers"] ?? "" }

    /// Property names whose values must not be shown.
    public static func isSecret(_ name: String) -> Bool {
        ["password", "secret", "token", "jaas", "oauthbearer.config", ".pem", "credential"]
            .contains { name.lowercased().contains($0) }
    }

    /// The properties in order, secrets masked.
    public var description: String {
        properties.sorted { $0.key < $1.key }
            .map { "\($0.key)=\(Self.isSecret($0.key) ? "****" : $0.value)" }.joined(separator: " ")
    }
}
