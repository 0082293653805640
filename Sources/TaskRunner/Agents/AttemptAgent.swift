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
    /// - Throws: where the request names a proxy agent that is not known, or that can answer nothing.
    init?(_ words: [String], proxy name: String?, _ catalog: AgentCatalog) throws(SpawnError) {
        guard let first = words.first, let definition = catalog[first] else { return nil }
        self.definition = definition
        self.words = Array(words.dropFirst())
        proxy = try name.flatMap { name throws(SpawnError) in
            let proxy = catalog[name]
            // Two commands without a protocol, such as stand-ins: most never ask, and one that does is told that nobody
            // answers.
            if definition.adapter == .exec, proxy?.adapter == .exec { return nil }
            guard let proxy, proxy.adapter != .exec else {
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
    /// The program and what it is given; the words are an argument only where no protocol carries them.
    var program: [String] {
        [definition.program] + definition.arguments + (definition.adapter == .exec ? words : [])
    }

    var resumesSessions: Bool { definition.resumesSessions }
    var credentials: [String] { definition.credentials + (proxy?.credentials ?? []) }
    var hosts: [String] { definition.hosts + (proxy?.hosts ?? []) }
}
