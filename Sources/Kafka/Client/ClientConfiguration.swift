internal import CRdkafka

/// A librdkafka configuration under construction. Freed unless a client has taken it over.
final class ClientConfiguration {
    private(set) var pointer: OpaquePointer?

    /// The defaults, over them `settings`, over them `required`.
    init(
        _ settings: KafkaSettings, defaults: [String: String], required: [String: String] = [:]
    ) throws(KafkaError) {
        pointer = rd_kafka_conf_new()
        // Nagle's algorithm would add 40 ms to every small request on the way to a commit.
        var merged = ["socket.nagle.disable": "true", "log.connection.close": "false"]
        merged.merge(defaults) { $1 }
        merged.merge(settings.properties) { $1 }
        merged.merge(required) { $1 }
        for (name, value) in merged.sorted(by: { $0.key < $1.key }) { try set(name, value) }
    }

    deinit {
        if let pointer { rd_kafka_conf_destroy(pointer) }
    }

    private func set(_ name: String, _ value: String) throws(KafkaError) {
        var reason = [CChar](repeating: 0, count: 512)
        guard rd_kafka_conf_set(pointer, name, value, &reason, reason.count) == RD_KAFKA_CONF_OK else {
            let shown = KafkaSettings.isSecret(name) ? "the setting \(name) was refused" : text(reason)
            throw KafkaError(.configuration, "Kafka setting \(name): \(shown)")
        }
    }

    /// Makes the client. On success it owns the configuration.
    func makeClient(_ type: rd_kafka_type_t) throws(KafkaError) -> OpaquePointer {
        var reason = [CChar](repeating: 0, count: 512)
        guard let client = rd_kafka_new(type, pointer, &reason, reason.count) else {
            throw KafkaError(.configuration, "The Kafka client cannot be made: \(text(reason))")
        }
        pointer = nil
        return client
    }
}

/// The text in a C buffer.
func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
