public import Agents
internal import EgressProxy

/// Reads a file of agents. Its agents replace those that ship.
public enum AgentsFile {
    /// Reads and checks the file.
    ///
    /// - Throws: `unreadable_file`, `not_yaml`, `unknown_key`, `invalid_value`, or `contradiction` for what cannot be:
    ///   a session of a program that keeps none, a credential whose value stands in the file.
    public static func load(path: String) throws(ConfigurationError) -> AgentCatalog {
        try catalog(ConfigurationDocument(path: path))
    }

    /// The same from memory; `name` stands for the file in errors.
    public static func load(text: String, name: String) throws(ConfigurationError) -> AgentCatalog {
        try catalog(ConfigurationDocument(text: text, name: name))
    }

    private static func catalog(_ document: ConfigurationDocument) throws(ConfigurationError) -> AgentCatalog {
        var root = try document.root.section()
        guard let node = root.take("agents") else {
            try root.finish()
            return .builtIn
        }
        try root.finish()
        var agents: [AgentDefinition] = []
        var section = try node.section()
        for (name, node) in section.takeAll() { agents.append(try agent(name, node)) }
        return AgentCatalog(agents)
    }

    private static func agent(_ name: String, _ node: DocumentNode) throws(ConfigurationError) -> AgentDefinition {
        guard name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,59}/) != nil else {
            throw node.error("must be named by 1 to 60 characters of A-Z, a-z, 0-9 and . _ -, a letter or digit first")
        }
        var section = try node.section()
        var agent = AgentDefinition(
            name: name, program: try section.take("program").map(program) ?? name,
            adapter: try section.require("adapter").choice(AdapterKind.self))
        agent.arguments = try section.take("arguments").map(words) ?? []
        agent.credentials = try section.take("credentials").map(credentials) ?? []
        if let node = section.take("environment") { agent.environment = try environment(node, besides: agent) }
        agent.hosts = try section.take("hosts").map(hosts) ?? []
        agent.sandboxProfile = try section.take("sandbox")?.text()
        if let node = section.take("resume") {
            agent.resumesSessions = try node.flag()
            guard !agent.resumesSessions || agent.adapter != .exec else {
                throw node.error("cannot be with the adapter exec, which knows of no sessions", .contradiction)
            }
        }
        if let node = section.take("recovery") {
            agent.recovery = try node.choice(ProxyAgent.Recovery.self)
            guard agent.adapter != .exec else {
                throw node.error("cannot be with the adapter exec, which can stand by for nobody", .contradiction)
            }
        }
        if let node = section.take("progress") {
            guard agent.adapter == .exec else {
                throw node.error("is for the adapter exec alone; this one tells progress itself", .contradiction)
            }
            agent.progress = try AgentProgressReader.read(node)
        }
        if let node = section.take("prompts") {
            guard agent.adapter == .exec else {
                throw node.error("is for the adapter exec alone; this one asks by its protocol", .contradiction)
            }
            agent.prompts = try AgentPromptReader.read(node)
        }
        try section.finish()
        return agent
    }

    private static func program(_ node: DocumentNode) throws(ConfigurationError) -> String {
        let text = try word(node)
        guard !text.isEmpty, !text.contains("/") || text.hasPrefix("/") else {
            throw node.error("must be a name that PATH of attempts (runner.path) has, or an absolute path")
        }
        return text
    }

    private static func words(_ node: DocumentNode) throws(ConfigurationError) -> [String] {
        var words: [String] = []
        for node in try node.list() { words.append(try word(node)) }
        return words
    }

    /// An argument or a value as a process can be given it.
    private static func word(_ node: DocumentNode) throws(ConfigurationError) -> String {
        let text = try node.text()
        guard !text.utf8.contains(0) else { throw node.error("must not hold a NUL character") }
        return text
    }

    private static func environment(
        _ node: DocumentNode, besides agent: AgentDefinition
    ) throws(ConfigurationError) -> [String: String] {
        var values: [String: String] = [:]
        var section = try node.section()
        for (name, value) in section.takeAll() {
            try checkName(name, value)
            guard !agent.credentials.contains(name) else {
                throw value.error("is a credential: its value belongs into the service's environment", .contradiction)
            }
            values[name] = try word(value)
        }
        return values
    }

    private static func credentials(_ node: DocumentNode) throws(ConfigurationError) -> [String] {
        var names: [String] = []
        for node in try node.list() {
            let name = try node.text()
            try checkName(name, node)
            guard !names.contains(name) else { throw node.error("stands twice") }
            names.append(name)
        }
        return names
    }

    /// A variable of the program's environment, beside those that the sandbox sets.
    private static func checkName(_ name: String, _ node: DocumentNode) throws(ConfigurationError) {
        guard VariableName.isName(name) else {
            throw node.error("is not the name of an environment variable: \"\(name)\"")
        }
        guard !VariableName.isReserved(name) else {
            throw node.error("is set by the sandbox, and not by an agent: \(name)")
        }
    }

    private static func hosts(_ node: DocumentNode) throws(ConfigurationError) -> [String] {
        var hosts: [String] = []
        for node in try node.list() {
            let host = try node.text()
            do throws(EgressRuleError) {
                _ = try EgressRule(parsing: host)
            } catch {
                throw node.error("is no host to allow: \(error)")
            }
            hosts.append(host)
        }
        return hosts
    }
}
