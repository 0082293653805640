public import TaskModel

/// What the sandbox of an attempt opens and limits. Everything that it does not name is closed.
public struct SandboxProfile: Hashable, Sendable {
    public var name: String
    public var mode: SandboxMode
    public var limits: SandboxLimits
    /// Hosts that can be reached through the proxy; none: no network.
    public var network: [String]
    /// Files and directories of the machine that can be read beside the system's own.
    public var readable: [String]
    /// Names of the service's environment variables that are handed on.
    public var environment: [String]
    /// Give the program a terminal.
    public var hasTerminal: Bool

    public init(
        name: String = SandboxCatalog.standardName, mode: SandboxMode = .strict, limits: SandboxLimits = .standard,
        network: [String] = [], readable: [String] = [], environment: [String] = [], hasTerminal: Bool = false
    ) {
        self.name = name
        self.mode = mode
        self.limits = limits
        self.network = network
        self.readable = readable
        self.environment = environment
        self.hasTerminal = hasTerminal
    }

    /// What both allow.
    public func tightened(by other: SandboxProfile) -> SandboxProfile {
        SandboxProfile(
            name: name == other.name ? name : "\(name)+\(other.name)", mode: mode.tightened(by: other.mode),
            limits: limits.tightened(by: other.limits), network: network.filter(other.network.contains),
            readable: readable.filter(other.readable.contains),
            environment: environment.filter(other.environment.contains),
            hasTerminal: hasTerminal || other.hasTerminal)
    }
}
