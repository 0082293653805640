/// The protocols by which Pandar talks to an agent's program.
public enum AdapterKind: String, Hashable, Sendable, CaseIterable {
    /// `codex app-server`: JSON lines in both directions.
    case codexAppServer = "codex-app-server"
    /// `claude -p --input-format stream-json --output-format stream-json`.
    case claudeStreamJSON = "claude-stream-json"
    /// The Agent Client Protocol: JSON-RPC 2.0 over stdio (Gemini and others).
    case acp
    /// No protocol: a command that is run as it stands.
    case exec
}
