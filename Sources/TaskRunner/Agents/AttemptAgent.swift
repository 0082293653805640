internal import Agents
internal import TaskModel

/// The agents of an attempt: which they are, and what they need of their surroundings.
struct AttemptAgent: Sendable {
    let definition: AgentDefinition
    /// The one that answers questions and stands by (`metadata.proxy_agent`).
    let proxy: AgentDefinition?
    /// What stands in the command after the agent's name.
    let words: [String]

    /// `nil` where the command's first word is no agent's name: then the command runs as it stands.
    ///
    /// - Throws: where the request names a proxy agent that is not known, or that can answer nothing, for an agent that
    ///   could ask it.
    init?(_ words: [String], proxy name: String?, _ catalog: AgentCatalog) throws(SpawnError) {
        guard let first = words.first, let definition = catalog[first] else { return nil }
        self.definition = definition
        self.words = Array(words.dropFirst())
        // A program that nothing drives has nobody to ask it anything.
        proxy = try (definition.isDriven ? name : nil).map { name throws(SpawnError) in
            guard let proxy = catalog[name], proxy.adapter != .exec else {
                let known = catalog.agents.filter { $0.adapter != .exec }.map(\.name).joined(separator: ", ")
                throw SpawnError(
                    description: "metadata.proxy_agent names \(name.prefix(60)), which is no agent that can answer "
                        + "here; there are: \(known) (agents.file)",
                    failure: AttemptFailure(cause: .final, code: AgentFailure.Code.badRequest.rawValue))
            }
            return proxy
        }
    }

    var name: String { definition.name }

    /// Whether `pandar-agent` stands between the runner and the program.
    var isDriven: Bool { definition.isDriven }

    /// The command where nothing drives the program.
    var command: [String] { [definition.program] + definition.arguments + words }

    var resumesSessions: Bool { isDriven && definition.resumesSessions }
    var credentials: [String] { definition.credentials + (proxy?.credentials ?? []) }
    var hosts: [String] { definition.hosts + (proxy?.hosts ?? []) }
}

extension AgentDefinition {
    /// A plain command is not: the driver knows no way to run one.
    fileprivate var isDriven: Bool { adapter != .exec }
}
