internal import TaskModel

/// The forms by which a program on a terminal is seen to wait for an answer.
enum PromptForms {
    /// The prompt that the screen ends with, when nothing more comes.
    static func prompt(_ screen: TerminalText, _ mode: TerminalMode) -> TerminalPrompt? {
        let line = screen.current.trimmed()
        if mode.isSecret {
            return line.isEmpty ? nil : TerminalPrompt(kind: .credential, question: line, isCertain: true)
        }
        if !mode.isCanonical, let menu = MenuForms.menu(screen) { return menu }
        guard !line.isEmpty else { return nil }
        return key(line) ?? yesOrNo(line) ?? credential(line) ?? MenuForms.list(screen) ?? text(line)
    }

    // MARK: One line

    /// `Press any key`, and pagers.
    private static func key(_ line: String) -> TerminalPrompt? {
        let low = line.lowercased()
        let forms = [
            "press any key", "press enter", "press return", "press [enter]", "press <enter>", "hit any key",
            "hit enter",
            "hit return", "--more--",
        ]
        guard forms.contains(where: low.contains) || low == "(end)" else { return nil }
        let choices = [
            TerminalPrompt.Choice(label: "continue", keys: [TerminalPrompt.enter]),
            TerminalPrompt.Choice(label: "stop", keys: [TerminalPrompt.interrupt]),
        ]
        return TerminalPrompt(kind: .choice(choices), question: line, isCertain: true)
    }

    /// `[y/N]`, `(yes/no)`, `(yes/no/[fingerprint])`, `[y,n,q,a,d,?]`, a bare `y/n`.
    private static func yesOrNo(_ line: String) -> TerminalPrompt? {
        let words = (group(line) ?? bare(line)).map { options($0) } ?? []
        let low = Set(words.map { $0.lowercased() })
        let isYesOrNo = !low.isDisjoint(with: ["y", "yes"]) && !low.isDisjoint(with: ["n", "no"])
        guard (2...12).contains(words.count), isYesOrNo || words.allSatisfy(isKey) else { return nil }
        var choices: [TerminalPrompt.Choice] = []
        for word in words {
            // A capital letter marks the default.
            let typed = word.count == 1 ? word.lowercased() : word
            let label = ["y": "yes", "n": "no"][typed] ?? typed
            guard !choices.contains(where: { $0.label == label }) else { continue }
            choices.append(TerminalPrompt.Choice(label: label, keys: Array(typed.utf8) + [TerminalPrompt.enter]))
        }
        return TerminalPrompt(kind: .choice(choices), question: line, isCertain: true)
    }

    /// A single letter; `(2/5)` is a count.
    private static func isKey(_ word: String) -> Bool {
        word.count == 1 && word.allSatisfy { $0.isLetter || $0 == "?" }
    }

    /// What stands in the brackets at the line's end.
    private static func group(_ line: String) -> Substring? {
        let rest = withoutEnd(line)
        guard let close = rest.last, close == ")" || close == "]" else { return nil }
        let open: Character = close == ")" ? "(" : "["
        var depth = 0
        for index in rest.indices.reversed() {
            if rest[index] == close { depth += 1 }
            if rest[index] == open { depth -= 1 }
            if depth == 0 { return rest[rest.index(after: index)...].dropLast() }
        }
        return nil
    }

    private static func bare(_ line: String) -> Substring? {
        let last = withoutEnd(line).split(separator: " ").last
        return last.flatMap { ["y/n", "yes/no"].contains($0.lowercased()) ? $0 : nil }
    }

    private static func withoutEnd(_ line: String) -> Substring {
        var rest = line[...]
        while let last = rest.last, last == ":" || last == "?" || last == ">" || last == " " { rest.removeLast() }
        return rest
    }

    /// The words of a group; empty where it is none.
    private static func options(_ group: Substring) -> [String] {
        let separator: Character = group.contains("/") ? "/" : ","
        let words = group.split(separator: separator).map { $0.filter { $0 != "[" && $0 != "]" }.trimmed() }
        let isWord: (String) -> Bool = { word in
            (1...15).contains(word.count) && word.allSatisfy { $0.isLetter || $0.isNumber || $0 == "?" || $0 == "-" }
        }
        return words.allSatisfy(isWord) ? words : []
    }

    // MARK: Words

    private static func credential(_ line: String) -> TerminalPrompt? {
        guard asks(line), namesCredential(line) else { return nil }
        return TerminalPrompt(kind: .credential, question: line, isCertain: true)
    }

    private static let credentialWords: Set<String> = [
        "password", "passwd", "passphrase", "passcode", "pin", "otp", "totp", "2fa", "mfa", "token", "secret", "apikey",
        "credential", "credentials",
    ]
    private static let credentialPhrases = [
        "api key", "access key", "secret key", "private key", "username for", "user name for", "verification code",
        "authentication code", "one-time", "security code", "auth code",
    ]

    static func namesCredential(_ line: String) -> Bool {
        let low = line.lowercased()
        let words = low.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        if words.contains(where: credentialWords.contains) || credentialPhrases.contains(where: low.contains) {
            return true
        }
        return ["login:", "username:", "user:", "user name:"].contains { low.hasSuffix($0) }
    }

    private static func text(_ line: String) -> TerminalPrompt? {
        guard asks(line) else { return nil }
        let low = line.lowercased()
        let isCertain = low.hasPrefix("? ") || low.hasPrefix("enter ") || low.contains(" enter ")
        return TerminalPrompt(kind: .text, question: line, isCertain: isCertain)
    }

    /// Whether a line ends as those do that wait for something.
    static func asks(_ line: String) -> Bool {
        guard let last = line.last else { return false }
        // `Name [default]` and `Name (default)` behind a question mark of inquirers.
        if line.hasPrefix("? ") { return true }
        return last == ":" || last == "?" || last == ">" || last == "："
    }
}
