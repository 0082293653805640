extension SettingCatalog {
    static let agents: [Setting] = [
        .text(
            "agents.file", \.agents.file,
            "The agents; empty for Codex, Claude Code and Gemini, as config/agents.yaml shows.", allowed: "a path")
    ]
}
