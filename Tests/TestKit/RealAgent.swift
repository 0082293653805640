public import Foundation

/// The programs that users have. They come from PyPI (`integration/agents/requirements.txt`) and are found by
/// `PANDAR_AGENT_CODEX` and `PANDAR_AGENT_CLAUDE`, or in `.venv-agents` at the root of the project. Where they are not
/// installed, these tests do not run, and say so.
public enum RealAgent: String, CaseIterable, Sendable {
    case codex
    case claude

    /// The project's own directory.
    public static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

    private var place: String {
        switch self {
        case .codex: "codex_cli_bin/bin/codex"
        case .claude: "claude_agent_sdk/_bundled/claude"
        }
    }

    public var program: String? {
        if let path = ProcessInfo.processInfo.environment["PANDAR_AGENT_\(rawValue.uppercased())"] { return path }
        let packages = Self.root.appending(path: ".venv-agents/lib")
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: packages.path())) ?? []
        return versions.map { packages.appending(path: "\($0)/site-packages/\(place)").path() }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// The agents that are installed.
    public static let installed = allCases.filter { $0.program != nil }

    /// Why tests of them are not run.
    public static let absence = "needs the agents of integration/agents/requirements.txt in .venv-agents"

    /// The program that plays its model.
    public var server: String { self == .codex ? "model_openai.py" : "model_anthropic.py" }

    /// A turn's call that runs a shell command.
    public func shell(_ command: String) -> String { "{\"shell\": \(Self.quoted(command))}" }

    public static func quoted(_ text: String) -> String {
        String(decoding: (try? JSONEncoder().encode(text)) ?? Data(), as: UTF8.self)
    }

    /// A turn's call that asks in words.
    public func question(_ question: String, _ options: [String]) -> String {
        let list = options.map(Self.quoted).joined(separator: ", ")
        switch self {
        case .claude: return "{\"ask\": \(Self.quoted(question)), \"options\": [\(list)]}"
        case .codex:
            let choices = options.map { "{\"label\": \(Self.quoted($0)), \"description\": \(Self.quoted($0))}" }
            return """
                {"name": "request_user_input", "arguments": {"questions": [{"id": "choice", "header": "Choice", \
                "question": \(Self.quoted(question)), "options": [\(choices.joined(separator: ", "))]}]}}
                """
        }
    }
}
