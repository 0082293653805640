/// Why the service does not start or cannot go on.
public struct ServiceError: Error, Sendable, CustomStringConvertible {
    /// The closed set of causes.
    public enum Code: String, Sendable {
        case brokerUnreachable = "broker_unreachable"
        case topics
        case dataDirectory = "data_directory"
        case runner
        case cache
    }

    public let code: Code
    /// What happened, to what, and what to do.
    public let description: String

    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
