internal import Agents

/// Where an agent's program keeps its settings and sessions: in the attempt's own home directory.
struct AgentHome: Hashable, Sendable {
    /// The variable by which the program is told.
    let variable: String
    /// A directory of the home directory, which must be there; `nil`: the home directory itself.
    let folder: String?

    init?(_ adapter: AdapterKind) {
        switch adapter {
        case .codexAppServer: (variable, folder) = ("CODEX_HOME", ".codex")
        case .claudeStreamJSON: (variable, folder) = ("CLAUDE_CONFIG_DIR", ".claude")
        case .acp: (variable, folder) = ("GEMINI_CLI_HOME", nil)
        case .exec: return nil
        }
    }

    /// - Parameter home: the home directory, as the program sees it.
    func value(_ home: String) -> String { folder.map { "\(home)/\($0)" } ?? home }
}

extension AgentDefinition {
    /// The home that it gets, unless its own variables say where it is.
    var home: AgentHome? {
        AgentHome(adapter).flatMap { environment[$0.variable] == nil ? $0 : nil }
    }

    /// The program's variables.
    ///
    /// - Parameter home: the attempt's home directory, as the program sees it.
    func variables(home place: String) -> [String: String] {
        var variables = environment
        if let home { variables[home.variable] = home.value(place) }
        return variables
    }
}
