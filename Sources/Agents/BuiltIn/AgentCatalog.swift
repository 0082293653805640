/// The agents that are known, by their names.
public struct AgentCatalog: Hashable, Sendable {
    /// In the order of the file.
    public let agents: [AgentDefinition]

    public init(_ agents: [AgentDefinition]) { self.agents = agents }

    /// The agent of that name: the first word of a request's `command`, or its `metadata.proxy_agent`.
    public subscript(name: String) -> AgentDefinition? {
        agents.first { $0.name == name }
    }
}
