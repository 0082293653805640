internal import TaskModel

/// How the driver answers questions by itself. The sandbox and the gate broker hold what must be held, so a command is
/// accepted unless it is seen at once that a person has to be asked: then that is done first, for the broker can wait for
/// ever and an agent's tool cannot.
public enum QuestionPolicy {
    public enum Verdict: Hashable, Sendable {
        case answer(AgentAnswer)
        /// Run these words in the directory with `PANDAR_PUSH=ask` and accept where that ends with 0.
        case preflight([String], directory: String?)
        /// Put it to the proxy agent, where there is one.
        case proxy
        /// Ask for the secret of that name, and type it.
        case secret(String)
    }

    /// The variable by which the preflight asks about a push without pushing.
    public static let preflightVariable = (name: "PANDAR_PUSH", value: "ask")

    public static let nobody = "Nobody can answer. Decide by what the task says, and state the assumption."

    public static func verdict(on kind: AgentQuestion.Kind) -> Verdict {
        switch kind {
        case .command(let text, let directory):
            guard let words = push(in: text) else { return .answer(.accept) }
            return .preflight(words, directory: directory)
        case .fileChange, .tool: return .answer(.accept)
        case .permission:
            return .answer(.decline(reason: "The sandbox has a fixed set of permissions; there are no more to give."))
        case .words(let parts):
            guard !parts.contains(where: \.isSecret) else {
                return .answer(.decline(reason: "Secrets are not given in answers. " + nobody))
            }
            guard !parts.isEmpty else { return .answer(.decline(reason: nobody)) }
            let given = parts.compactMap { part in part.given.map { (part.id, [$0]) } }
            guard given.count == parts.count else { return .proxy }
            return .answer(.words(Dictionary(given) { first, _ in first }))
        case .credential(_, let secret):
            return secret.map(Verdict.secret)
                ?? .answer(
                    .decline(
                        reason: "No agent answers that: give the agent its credentials as variables (credentials), or "
                            + "name the secret that is to be typed there (prompts), both in agents.yaml."))
        }
    }

    /// The words of a command that is one simple `git push`, without the shell around it.
    static func push(in text: String) -> [String]? {
        guard let words = words(text), let program = words.first, name(program) == "git" else { return nil }
        return subcommand(words.dropFirst()) == "push" ? words : nil
    }

    /// The words of a simple command; `nil` where it needs a shell.
    private static func words(_ text: String, depth: Int = 0) -> [String]? {
        // Agents put this behind most commands, and it does not change what the command does.
        let trimmed = text.hasSuffix(" 2>&1") ? String(text.dropLast(5)) : text
        guard let words = try? CommandLine(trimmed).words else { return nil }
        let isShell = ["bash", "sh", "zsh", "dash"].contains(name(words[0]))
        guard isShell, words.count == 3, ["-c", "-lc"].contains(words[1]) else { return isShell ? nil : words }
        return depth < 3 ? self.words(words[2], depth: depth + 1) : nil
    }

    private static func name(_ program: String) -> Substring {
        program.split(separator: "/").last ?? ""
    }

    /// Git's first word that is no option of git itself.
    private static func subcommand(_ arguments: ArraySlice<String>) -> String? {
        let withValue: Set<String> = [
            "-C", "-c", "--git-dir", "--work-tree", "--namespace", "--super-prefix", "--config-env", "--exec-path",
        ]
        var rest = arguments
        while let word = rest.popFirst() {
            guard word.hasPrefix("-") else { return word }
            if withValue.contains(word) { _ = rest.popFirst() }
        }
        return nil
    }
}
