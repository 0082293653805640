import Foundation
import Gates
import TaskModel
import Testing

/// One line of the corpus: a command in a place, and the gates that it hits.
struct CorpusLine: Sendable {
    let number: Int
    /// By its first word (`push`, `secrets`, `infra`), with `?` where it cannot be told; empty for a harmless command.
    let gates: [String]
    let question: GateQuestion

    static func all() throws -> [CorpusLine] {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Corpus/commands.txt")
        let text = try String(contentsOf: path, encoding: .utf8)
        var lines: [CorpusLine] = []
        var place = GateQuestion(argv: [])
        for (index, line) in text.components(separatedBy: "\n").enumerated() {
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.hasPrefix("[") {
                place = try Self.place(String(line.dropFirst().dropLast()))
                continue
            }
            let gates = line.prefix(16).trimmingCharacters(in: .whitespaces)
            var question = place
            question.argv = try #require(try? CommandLine(String(line.dropFirst(16))).words, "line \(index + 1)")
            lines.append(
                CorpusLine(
                    number: index + 1, gates: gates == "-" ? [] : gates.split(separator: ",").map(String.init),
                    question: question))
        }
        return lines
    }

    /// The gates that a catalogue says the command hits, in the words of the corpus.
    func found(_ catalog: GateCatalog) -> [String] {
        let names = ["git_push_protected": "push", "secrets_access": "secrets", "infra_change": "infra"]
        return catalog.hits(question).map { (names[$0.gate] ?? $0.gate) + ($0.isCertain ? "" : "?") }
    }

    /// `branch=x refs=heads/main,tags/v1 heads/a%heads/main KEY=VALUE env:NAME=VALUE location=-C,x`, or `nothing known`.
    private static func place(_ text: String) throws -> GateQuestion {
        var facts = RepositoryFacts(references: [])
        var environment: [String: String] = [:]
        if text.hasPrefix("nothing") { return GateQuestion(argv: []) }
        for word in try CommandLine(text).words {
            let name = String(word.prefix { $0 != "=" })
            let value = String(word.dropFirst(name.count + 1))
            switch name {
            case "branch": facts.currentBranch = value
            case "refs":
                facts.references = value.split(separator: ",").map { reference in
                    let parts = reference.split(separator: "%")
                    return .init("refs/\(parts[0])", target: parts.count > 1 ? "refs/\(parts[1])" : nil)
                }
            case "unlisted": facts.references = nil
            case "location": facts.location = value.split(separator: ",").map(String.init)
            case _ where name.hasPrefix("env:"): environment[String(name.dropFirst(4))] = value
            default: facts.configuration.append(.init(name, word.contains("=") ? value : nil))
            }
        }
        return GateQuestion(argv: [], environment: environment, repository: facts)
    }
}
