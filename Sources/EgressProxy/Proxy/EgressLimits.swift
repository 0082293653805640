/// What one attempt may take of the proxy.
public struct EgressLimits: Sendable, Hashable {
    /// Connections at once; more are answered with 503.
    public var connections = 256
    /// Names that are resolved at once; more wait.
    public var lookups = 4
    /// How long a client may take for the head of its request, and again for its ClientHello.
    public var headTimeout = Duration.seconds(15)
    /// How long resolving and connecting may take together.
    public var connectTimeout = Duration.seconds(20)
    /// How long a connection may be silent both ways. Models think for minutes.
    public var idleTimeout = Duration.seconds(900)
    /// How long a refused client may take to read its answer.
    public var lingerTimeout = Duration.seconds(5)
    /// Bytes up and down together, over all connections; nil: no limit.
    public var totalBytes: UInt64?
    /// Refusals that the observer is told of; more are only counted, so that a loop in the sandbox cannot flood records.
    public var reportedRefusals = 100

    public init() {}
}
