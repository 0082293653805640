/// Why a configuration cannot be used: one sentence that names the setting, where it came from, and what is allowed.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The closed set of causes.
    public enum Code: String, Sendable {
        case unreadableFile = "unreadable_file"
        case notYAML = "not_yaml"
        case unknownKey = "unknown_key"
        case invalidValue = "invalid_value"
        case unreadableSecret = "unreadable_secret"
        case contradiction
    }

    public let code: Code
    /// The setting, where it is about one.
    public let key: String?
    public let message: String

    public init(_ code: Code, key: String? = nil, _ message: String) {
        self.code = code
        self.key = key
        self.message = message
    }

    public var description: String { message }
}
