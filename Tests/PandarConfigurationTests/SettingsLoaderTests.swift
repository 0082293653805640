import PandarConfiguration
import Testing

@Suite("Loading settings")
struct SettingsLoaderTests {
    @Test("without any source every value is a default")
    func defaults() throws {
        let loaded = try SettingsLoader.load()
        #expect(loaded.origins.isEmpty)
        #expect(loaded.settings.kafka.groupID == "pandar")
        #expect(loaded.rows.count == SettingCatalog.all.count)
        #expect(loaded.rows.allSatisfy { $0.origin == .default })
    }

    @Test("a flag goes before the environment, the environment before the file, the file before the default")
    func precedence() throws {
        let yaml = """
            runner:
              slots: 3
              lease_seconds: 40
              kill_grace_seconds: 7
            """
        try withFile(yaml) { path in
            let loaded = try SettingsLoader.load(
                flags: [SettingsFlag(key: "runner.slots", value: "5", flag: "--slots")],
                environment: ["PANDAR_RUNNER_SLOTS": "4", "PANDAR_RUNNER_LEASE_SECONDS": "50"], file: path)
            #expect(loaded.settings.runner.slots == 5)
            #expect(loaded.settings.runner.leaseSeconds == 50)
            #expect(loaded.settings.runner.killGraceSeconds == 7)
            #expect(loaded.settings.runner.maxLostAttempts == 3)
            #expect(loaded.origins["runner.slots"] == .flag("--slots"))
            #expect(loaded.origins["runner.lease_seconds"] == .environment("PANDAR_RUNNER_LEASE_SECONDS"))
            #expect(loaded.origins["runner.kill_grace_seconds"] == .file(path))
            #expect(loaded.origins["runner.max_lost_attempts"] == nil)
        }
    }

    @Test("every setting can be set by its name in the environment", arguments: SettingCatalog.all.map(\.key))
    func everySettingFromTheEnvironment(key: String) throws {
        let setting = try #require(SettingCatalog.setting(key))
        // The default itself is a value that is allowed.
        let value = setting.text(PandarSettings())
        let loaded = try SettingsLoader.load(environment: [setting.environmentName: value])
        #expect(loaded.origins[key] == .environment(setting.environmentName))
        #expect(setting.text(loaded.settings) == value)
    }

    @Test("an unknown key in the file is refused with the nearest name")
    func unknownKeyInTheFile() throws {
        try withFile("kafka:\n  bootstrap_server: a:1\n") { path in
            let error = #expect(throws: ConfigurationError.self) { try SettingsLoader.load(file: path) }
            #expect(error?.code == .unknownKey)
            #expect(error?.message.contains("did you mean kafka.bootstrap_servers") == true)
            #expect(error?.message.contains(path) == true)
        }
    }

    @Test("an unknown variable with our prefix is refused with the nearest name")
    func unknownVariable() {
        let error = #expect(throws: ConfigurationError.self) {
            try SettingsLoader.load(environment: ["PANDAR_KAFKA_GROUPID": "x"])
        }
        #expect(error?.message.contains("PANDAR_KAFKA_GROUP_ID") == true)
    }

    @Test("an unknown key given with --set is refused")
    func unknownFlag() {
        let error = #expect(throws: ConfigurationError.self) {
            try SettingsLoader.load(flags: [SettingsFlag(assignment: "runner.slot=3")])
        }
        #expect(error?.message.contains("did you mean runner.slots") == true)
    }

    @Test("a value out of range names key, origin and what is allowed")
    func outOfRange() {
        let error = #expect(throws: ConfigurationError.self) {
            try SettingsLoader.load(environment: ["PANDAR_RUNNER_SLOTS": "0"])
        }
        #expect(
            error?.message
                == "The setting runner.slots from environment PANDAR_RUNNER_SLOTS must be a whole number from 1 to 4096, "
                + "but is \"0\".")
    }

    @Test(
        "values of the wrong kind are refused",
        arguments: [
            ("http.enabled", "perhaps"), ("retry.jitter", "1.5"), ("log.level", "loud"), ("http.listen", "8100"),
            ("kafka.group_id", "with space"), ("runner.slots", "many"),
        ])
    func wrongKind(key: String, value: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try SettingsLoader.load(flags: [SettingsFlag(key: key, value: value, flag: "--set")])
        }
        #expect(error?.code == .invalidValue)
        #expect(error?.key == key)
    }

    @Test("a heartbeat slower than half a lease is refused")
    func contradiction() {
        let error = #expect(throws: ConfigurationError.self) {
            try SettingsLoader.load(environment: ["PANDAR_RUNNER_HEARTBEAT_SECONDS": "20"])
        }
        #expect(error?.code == .contradiction)
    }

    @Test("a missing file, and a file that is no mapping, are errors that name it")
    func badFiles() throws {
        let missing = #expect(throws: ConfigurationError.self) { try SettingsLoader.load(file: "/does/not/exist") }
        #expect(missing?.code == .unreadableFile)
        try withFile("- a\n- b\n") { path in
            let error = #expect(throws: ConfigurationError.self) { try SettingsLoader.load(file: path) }
            #expect(error?.code == .notYAML)
            #expect(error?.message.contains(path) == true)
        }
    }

    @Test(
        "a file of comments, and sections without settings, change nothing", arguments: ["", "# nothing\n", "kafka:\n"])
    func emptyFile(content: String) throws {
        try withFile(content) { path in
            let loaded = try SettingsLoader.load(file: path)
            #expect(loaded.origins.isEmpty)
        }
    }

    @Test("a section where one value is expected, or a list, is refused")
    func sectionForValue() throws {
        try withFile("runner:\n  slots: [1, 2]\n") { path in
            let error = #expect(throws: ConfigurationError.self) { try SettingsLoader.load(file: path) }
            #expect(error?.key == "runner.slots")
        }
    }
}
