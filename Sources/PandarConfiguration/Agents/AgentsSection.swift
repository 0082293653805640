public import Agents

/// The programs that do the work.
public struct AgentsSection: Sendable {
    /// The file of agents; empty for those that ship.
    public var file = ""

    /// The agents that these settings give.
    ///
    /// - Throws: what is wrong with the file.
    public func catalog() throws(ConfigurationError) -> AgentCatalog {
        file.isEmpty ? .builtIn : try AgentsFile.load(path: file)
    }
}
