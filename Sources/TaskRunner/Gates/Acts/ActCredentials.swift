/// What a program that runs outside is given, and what hides it in all that comes back.
struct ActCredentials: Sendable {
    let environment: [String: String]
    let files: [(path: String, value: SecretValue)]
    let mask: SecretMask

    /// Reads them where they stand, when they are needed.
    init(_ act: ProjectAct, of project: Project) throws(SecretError) {
        var environment: [String: String] = [:]
        var files: [(path: String, value: SecretValue)] = []
        var hidden: [SecretValue] = []
        for secret in project.secrets { hidden.append(try secret.source.resolve()) }
        for secret in act.environment {
            let value = try secret.source.resolve()
            environment[secret.name] = value.text
            hidden.append(value)
        }
        for file in act.files {
            let value = try file.source.resolve()
            files.append((file.path, value))
            hidden += Self.words(of: value)
        }
        self.environment = environment
        self.files = files
        mask = SecretMask(hidden)
    }

    static let shortestWord = 12

    /// The parts of a file that a program may print by themselves: a token out of a kubeconfig, say. Names and
    /// addresses that are as long are hidden with them.
    static func words(of file: SecretValue) -> [SecretValue] {
        let separators = Set(" \t\r\n\"',;{}[]()".utf8)
        // Files of JSON have keys in one line, with the ends of lines written out.
        let text = file.text.replacing("\\n", with: "\n")
        var words: Set<[UInt8]> = []
        for piece in text.utf8.split(whereSeparator: { separators.contains($0) }) {
            let word = Array(piece)
            if word.last == UInt8(ascii: ":") || word.starts(with: "-----".utf8) { continue }
            if word.starts(with: "https://".utf8), !word.contains(UInt8(ascii: "@")) { continue }
            if word.count >= shortestWord { words.insert(word) }
            for mark in [UInt8(ascii: "="), UInt8(ascii: ":")] {
                guard let place = word.firstIndex(of: mark) else { continue }
                let value = Array(word[(place + 1)...])
                if value.count >= shortestWord { words.insert(value) }
            }
        }
        return words.isEmpty ? [file] : words.map { SecretValue($0) }
    }
}
