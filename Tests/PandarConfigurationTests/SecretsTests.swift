import PandarConfiguration
import Testing

@Suite("Secrets in the Kafka properties")
struct SecretsTests {
    @Test("librdkafka's settings keep their dotted names from the file and the environment")
    func names() throws {
        let yaml = """
            kafka:
              properties:
                security.protocol: SASL_SSL
                sasl.username: pandar
            """
        try withFile(yaml) { path in
            let loaded = try SettingsLoader.load(
                environment: ["PANDAR_KAFKA_PROPERTIES_SASL_PASSWORD": "s3cret"], file: path)
            #expect(
                loaded.settings.kafka.properties
                    == ["security.protocol": "SASL_SSL", "sasl.username": "pandar", "sasl.password": "s3cret"])
            #expect(
                loaded.origins["kafka.properties.sasl.password"]
                    == .environment("PANDAR_KAFKA_PROPERTIES_SASL_PASSWORD"))
        }
    }

    @Test("a secret is never shown, what is none is")
    func masking() throws {
        let loaded = try SettingsLoader.load(
            environment: [
                "PANDAR_KAFKA_PROPERTIES_SASL_PASSWORD": "s3cret", "PANDAR_KAFKA_PROPERTIES_SASL_USERNAME": "me",
            ])
        let shown = loaded.rows.map { "\($0.key)=\($0.value)" }
        #expect(shown.contains("kafka.properties.sasl.password=****"))
        #expect(shown.contains("kafka.properties.sasl.username=me"))
        #expect(!shown.joined().contains("s3cret"))
        #expect(!"\(loaded.settings.kafka.client)".contains("s3cret"))
    }

    @Test("a value can stand in a file or another variable")
    func references() throws {
        try withFile("from-file\n") { path in
            let loaded = try SettingsLoader.load(
                flags: [
                    SettingsFlag(key: "kafka.properties.sasl.password", value: "file:\(path)", flag: "--set"),
                    SettingsFlag(key: "kafka.properties.ssl.key.password", value: "env:KEY", flag: "--set"),
                ], environment: ["KEY": "from-variable"])
            #expect(loaded.settings.kafka.properties["sasl.password"] == "from-file")
            #expect(loaded.settings.kafka.properties["ssl.key.password"] == "from-variable")
        }
    }

    @Test("a secret that cannot be read is an error that names it", arguments: ["file:/does/not/exist", "env:NOT_SET"])
    func unreadable(value: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try SettingsLoader.load(
                flags: [SettingsFlag(key: "kafka.properties.sasl.password", value: value, flag: "--set")])
        }
        #expect(error?.code == .unreadableSecret)
        #expect(error?.key == "kafka.properties.sasl.password")
    }
}
