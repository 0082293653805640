/// A setting that was given on the command line.
public struct SettingsFlag: Hashable, Sendable {
    /// The dotted name.
    public let key: String
    public let value: String
    /// The flag as it was written (`--http`), for messages.
    public let flag: String

    public init(key: String, value: String, flag: String) {
        self.key = key
        self.value = value
        self.flag = flag
    }

    /// Reads `KEY=VALUE` of `--set`.
    public init(assignment text: String) throws(ConfigurationError) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw ConfigurationError(
                .invalidValue, "The flag --set takes KEY=VALUE, such as --set runner.slots=4, not \(parts[0]).")
        }
        self.init(key: parts[0], value: parts[1], flag: "--set \(parts[0])")
    }
}
