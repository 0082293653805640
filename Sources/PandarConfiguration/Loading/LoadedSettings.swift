internal import Kafka

/// The settings with the origin of each.
public struct LoadedSettings: Sendable {
    public var settings: PandarSettings
    /// By dotted name; `kafka.properties.*` among them. What is absent is a default.
    public let origins: [String: SettingOrigin]

    /// One line of what `pandar config show` prints.
    public struct Row: Hashable, Sendable {
        public let key: String
        /// Masked where it is secret.
        public let value: String
        public let origin: SettingOrigin
    }

    /// Every setting in the order of the file, secrets masked.
    public var rows: [Row] {
        let properties = settings.kafka.properties.sorted { $0.key < $1.key }.map { name, value in
            row("\(SettingCatalog.propertiesKey).\(name)", KafkaSettings.isSecret(name) ? "****" : value)
        }
        return SettingCatalog.all.map { row($0.key, $0.text(settings)) } + properties
    }

    private func row(_ key: String, _ value: String) -> Row {
        Row(key: key, value: value, origin: origins[key] ?? .default)
    }
}
