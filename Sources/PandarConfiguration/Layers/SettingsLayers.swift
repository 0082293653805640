internal import Configuration

/// Flags over the environment over the file, each as a provider of the configuration library.
struct SettingsLayers {
    private let flags: InMemoryProvider
    private let flagNames: [String: String]
    private let environment: EnvironmentVariablesProvider
    private let file: SettingsFile?

    init(flags: [SettingsFlag], environment: [String: String], file: SettingsFile?) {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for flag in flags { values[Self.key(flag.key)] = ConfigValue(.string(flag.value), isSecret: true) }
        self.flags = InMemoryProvider(name: "flags", values: values)
        flagNames = Dictionary(flags.map { ($0.key, $0.flag) }) { _, last in last }
        self.environment = EnvironmentVariablesProvider(environmentVariables: environment, secretsSpecifier: .all)
        self.file = file
    }

    /// The value that goes before all others, and where it came from; `nil` leaves the default.
    func value(_ key: String) throws(ConfigurationError) -> (text: String, origin: SettingOrigin)? {
        if let text = Self.text(flags, Self.key(key)) {
            return (text, .flag(flagNames[key] ?? "--set"))
        }
        let variable = Setting.environmentPrefix + key.uppercased().replacing(".", with: "_")
        if let text = Self.text(environment, Self.key("pandar." + key)) {
            return (text, .environment(variable))
        }
        if let file, let text = try file.value(key) {
            return (text, .file(file.path))
        }
        return nil
    }

    private static func key(_ dotted: String) -> AbsoluteConfigKey {
        AbsoluteConfigKey(dotted.split(separator: ".").map(String.init))
    }

    private static func text(_ provider: some ConfigProvider, _ key: AbsoluteConfigKey) -> String? {
        // Asked for text, neither flags nor the environment can fail.
        try? provider.value(forKey: key, type: .string).value?.content.text
    }
}
