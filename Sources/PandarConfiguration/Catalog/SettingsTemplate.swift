/// The configuration file with every setting as a comment: what ships as `config/pandar.yaml`.
public enum SettingsTemplate {
    public static var yaml: String {
        var lines = header
        var section = ""
        for setting in SettingCatalog.all {
            let parts = setting.key.split(separator: ".", maxSplits: 1).map(String.init)
            if parts[0] != section {
                if section == "kafka" { lines += properties }
                section = parts[0]
                lines += ["", "\(section):"]
            }
            lines.append("  # \(setting.about)")
            lines.append("  # Allowed: \(setting.allowed). Environment: \(setting.environmentName)")
            if let about = setting.defaultAbout { lines.append("  # Default: \(about)") }
            lines.append("  # \(parts[1]): \(quoted(setting.fixedDefault ?? ""))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let header = [
        "# Every setting of Pandar with its default. A setting comes, in this order, from: a flag, the environment,",
        "# this file, the default. `pandar config show` prints the result and where each value came from.",
    ]

    private static let properties = [
        "  # librdkafka's own settings by their names. A value may stand in a file (file:/path) or in the environment",
        "  # (env:NAME). Environment: PANDAR_KAFKA_PROPERTIES_SASL_PASSWORD for sasl.password",
        "  properties:",
        "    # security.protocol: SASL_SSL",
        "    # sasl.mechanism: SCRAM-SHA-512",
        "    # sasl.username: pandar",
        "    # sasl.password: file:/run/secrets/kafka",
        "    # ssl.ca.location: /etc/ssl/certs/ca-certificates.crt",
    ]

    private static func quoted(_ text: String) -> String {
        text.isEmpty || text.contains(": ") ? "\"\(text)\"" : text
    }
}
