/// The agent that stands by for another one: it answers questions in words and may do what the other could not.
public struct ProxyAgent: Hashable, Sendable {
    /// What happens after a turn has failed for a reason that the same again would not mend.
    public enum Recovery: String, Hashable, Sendable, CaseIterable {
        /// The proxy does what is needed, and the primary agent goes on.
        case resume
        /// What the proxy did is the attempt's result.
        case stand
        /// The failure stands.
        case off
    }

    /// Its name, by which reports call it.
    public var agent: String
    /// Any but `exec`: a command that only runs can neither read nor answer.
    public var adapter: AdapterKind
    /// Its program and configured arguments; the adapter adds its own.
    public var program: [String]
    /// On top of the driver's own environment, for this agent alone.
    public var environment: [String: String]
    public var recovery: Recovery

    public init(
        agent: String, adapter: AdapterKind, program: [String], environment: [String: String] = [:],
        recovery: Recovery = .resume
    ) {
        self.agent = agent
        self.adapter = adapter
        self.program = program
        self.environment = environment
        self.recovery = recovery
    }
}
