/// Brings flags, environment, file and defaults together.
public enum SettingsLoader {
    /// Loads the settings.
    ///
    /// - Parameters:
    ///   - flags: what was given on the command line.
    ///   - environment: the process's variables; those that start with `PANDAR_` count.
    ///   - file: the path of the YAML file, if there is one.
    /// - Throws: the first thing that is wrong, as one sentence.
    public static func load(
        flags: [SettingsFlag] = [], environment: [String: String] = [:], file: String? = nil
    ) throws(ConfigurationError) -> LoadedSettings {
        let settingsFile: SettingsFile?
        if let file { settingsFile = try SettingsFile(path: file) } else { settingsFile = nil }
        try checkNames(flags: flags, environment: environment, file: settingsFile)
        let layers = SettingsLayers(flags: flags, environment: environment, file: settingsFile)
        var settings = PandarSettings()
        var origins: [String: SettingOrigin] = [:]
        for setting in SettingCatalog.all {
            guard let (text, origin) = try layers.value(setting.key) else { continue }
            guard setting.assign(text, &settings) else {
                throw ConfigurationError(
                    .invalidValue, key: setting.key,
                    "The setting \(setting.key) from \(origin) must be \(setting.allowed), but is \"\(text)\".")
            }
            origins[setting.key] = origin
        }
        for name in propertyNames(flags: flags, environment: environment, file: settingsFile) {
            let key = "\(SettingCatalog.propertiesKey).\(name)"
            guard let (text, origin) = try layers.value(key) else { continue }
            settings.kafka.properties[name] = try SecretReference.resolve(text, key: key, environment: environment)
            origins[key] = origin
        }
        try checkTogether(settings)
        return LoadedSettings(settings: settings, origins: origins)
    }

    private static let propertyPrefix = SettingCatalog.propertiesKey + "."
    private static let propertyVariablePrefix = Setting.environmentPrefix + "KAFKA_PROPERTIES_"

    /// librdkafka's names have dots and no underscores, so the environment can spell them.
    private static func propertyNames(
        flags: [SettingsFlag], environment: [String: String], file: SettingsFile?
    ) -> Set<String> {
        let keys = (flags.map(\.key) + (file?.keys ?? [])).filter { $0.hasPrefix(propertyPrefix) }
        let variables = environment.keys.filter { $0.hasPrefix(propertyVariablePrefix) }
        return Set(keys.map { String($0.dropFirst(propertyPrefix.count)) })
            .union(
                variables.map {
                    $0.dropFirst(propertyVariablePrefix.count).lowercased().replacing("_", with: ".")
                })
    }

    private static func checkNames(
        flags: [SettingsFlag], environment: [String: String], file: SettingsFile?
    ) throws(ConfigurationError) {
        for flag in flags { try check(flag.key, from: "flag \(flag.flag)") }
        for key in file?.keys ?? [] {
            // A section whose settings are all commented out reads as an empty value.
            let isSection = SettingCatalog.all.contains { $0.key.hasPrefix(key + ".") }
            if isSection || key == SettingCatalog.propertiesKey, try file?.value(key) == "" { continue }
            try check(key, from: "file \(file?.path ?? "")")
        }
        let names = SettingCatalog.all.map(\.environmentName)
        let known = Set(names)
        for variable in environment.keys.sorted() where variable.hasPrefix(Setting.environmentPrefix) {
            guard !known.contains(variable), !variable.hasPrefix(propertyVariablePrefix),
                !otherVariables.contains(variable)
            else { continue }
            throw ConfigurationError(
                .unknownKey, key: variable,
                "There is no setting for the environment variable \(variable)\(suggestion(variable, names)).")
        }
    }

    /// Variables of the command line that are no settings.
    private static let otherVariables: Set<String> = ["PANDAR_CONFIG", "PANDAR_TOKEN"]

    private static func check(_ key: String, from origin: String) throws(ConfigurationError) {
        guard SettingCatalog.setting(key) == nil else { return }
        guard !key.hasPrefix(propertyPrefix) || key.count == propertyPrefix.count else { return }
        throw ConfigurationError(
            .unknownKey, key: key,
            "There is no setting \(key) (\(origin))\(suggestion(key, SettingCatalog.all.map(\.key))).")
    }

    private static func suggestion(_ name: String, _ names: [String]) -> String {
        NearestName.of(name, in: names).map { "; did you mean \($0)?" }.map { String($0.dropLast()) }
            ?? "; `pandar config show` lists all"
    }

    private static func checkTogether(_ settings: PandarSettings) throws(ConfigurationError) {
        guard settings.runner.heartbeatSeconds * 2 <= settings.runner.leaseSeconds else {
            throw ConfigurationError(
                .contradiction, key: "runner.heartbeat_seconds",
                "The setting runner.heartbeat_seconds (\(settings.runner.heartbeatSeconds)) must be at most half of "
                    + "runner.lease_seconds (\(settings.runner.leaseSeconds)), or one late heartbeat loses an attempt.")
        }
        guard settings.task.retryBaseSeconds <= settings.task.retryMaxSeconds else {
            throw ConfigurationError(
                .contradiction, key: "retry.base_seconds",
                "The setting retry.base_seconds (\(settings.task.retryBaseSeconds)) must not exceed "
                    + "retry.max_seconds (\(settings.task.retryMaxSeconds)).")
        }
        try settings.auth.check()
    }
}
