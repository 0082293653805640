extension AgentCatalog {
    /// The agents that ship: Codex, Claude Code and Gemini. `config/agents.yaml` says the same.
    public static let builtIn = AgentCatalog([codex, claude, gemini])

    /// OpenAI's Codex, by its app server.
    private static let codex = AgentDefinition(
        name: "codex", program: "codex", adapter: .codexAppServer,
        // No look-ups of plugins at start and end; plans and questions in words, which are off by default. (Of the latter
        // it says that it is under development; without it, it never asks.)
        arguments: [
            "app-server", "-c", "features.plugins=false", "-c", "tools.update_plan.enabled=true", "-c",
            "features.default_mode_request_user_input=true", "-c", "suppress_unstable_features_warning=true", "-c",
            "analytics.enabled=false",
        ],
        credentials: ["CODEX_ACCESS_TOKEN", "OPENAI_API_KEY"],
        hosts: ["api.openai.com:443", "chatgpt.com:443"], resumesSessions: true)

    /// Anthropic's Claude Code, by JSON lines in both directions.
    private static let claude = AgentDefinition(
        name: "claude", program: "claude", adapter: .claudeStreamJSON,
        arguments: [
            "-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose", "--permission-mode",
            "default", "--permission-prompt-tool", "stdio", "--setting-sources=user", "--strict-mcp-config",
        ],
        environment: [
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            // The plan, which progress is reckoned by.
            "CLAUDE_CODE_ENABLE_TODO_TOOLS": "1", "CLAUDE_CODE_ENTRYPOINT": "sdk-py",
            // How often it tries a model that does not answer; ten times are about three minutes.
            "CLAUDE_CODE_MAX_RETRIES": "10",
            "DISABLE_AUTOUPDATER": "1", "DISABLE_ERROR_REPORTING": "1", "DISABLE_TELEMETRY": "1",
        ],
        credentials: ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"],
        hosts: ["api.anthropic.com:443"], resumesSessions: true)

    /// Google's Gemini, by the Agent Client Protocol.
    private static let gemini = AgentDefinition(
        name: "gemini", program: "gemini", adapter: .acp,
        arguments: ["--acp", "--skip-trust", "--approval-mode", "default"],
        // Without it a wrapper stands between, which swallows SIGTERM.
        environment: ["GEMINI_CLI_NO_RELAUNCH": "true"],
        credentials: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
        hosts: ["generativelanguage.googleapis.com:443"], resumesSessions: true)
}
