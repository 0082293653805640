internal import ArgumentParser
internal import Foundation
internal import PandarConfiguration

/// The flags that every command shares.
struct SettingsOptions: ParsableArguments {
    @Option(name: .long, help: "YAML file with settings. Environment: PANDAR_CONFIG.", completion: .file())
    var config: String?

    @Option(name: .long, help: "HOST:PORT of the brokers (kafka.bootstrap_servers).")
    var bootstrap: String?

    @Option(name: .long, help: "Where the service keeps its files (instance.data_dir).", completion: .directory)
    var dataDir: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Any setting by its name; can be given several times.", valueName: "key=value"))
    var assignments: [String] = []

    /// Brings flags, environment, file and defaults together.
    func load(_ further: [SettingsFlag] = []) throws -> LoadedSettings {
        let environment = ProcessInfo.processInfo.environment
        return try SettingsLoader.load(
            flags: try flags() + further, environment: environment, file: config ?? environment["PANDAR_CONFIG"])
    }

    func flags() throws -> [SettingsFlag] {
        var flags = try assignments.map(SettingsFlag.init(assignment:))
        if let bootstrap {
            flags.append(SettingsFlag(key: "kafka.bootstrap_servers", value: bootstrap, flag: "--bootstrap"))
        }
        if let dataDir { flags.append(SettingsFlag(key: "instance.data_dir", value: dataDir, flag: "--data-dir")) }
        return flags
    }

    /// The settings of a client: where nothing says which broker, that of the service that runs in the data directory.
    func client() throws -> ClientSettings {
        let loaded = try load()
        var settings = loaded.settings
        let service = ReadyLine.ofRunningService(at: settings.servicePath)
        if loaded.origins["kafka.bootstrap_servers"] == nil, let service {
            settings.kafka.bootstrapServers = service.bootstrap
        }
        return ClientSettings(settings: settings, service: service)
    }
}

/// What a command that talks to the broker or the service goes by.
struct ClientSettings: Sendable {
    let settings: PandarSettings
    /// The service that runs in the data directory.
    let service: ReadyLine?
}
