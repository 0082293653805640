import CommandPolicy
import Foundation
import TaskModel
import Testing

/// One line of the corpus.
struct CorpusLine: Sendable {
    let number: Int
    let policy: CommandPolicy
    let approvalPolicy: ApprovalPolicy
    let verdict: PolicyVerdict.Kind
    /// `nil` for `-`, `any` where any rule will do.
    let rule: String?
    let command: String

    static func all() throws -> [CorpusLine] {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Corpus/commands.txt")
        let text = try String(contentsOf: path, encoding: .utf8)
        var lines: [CorpusLine] = []
        var policy = CommandPolicy.builtIn
        var approvalPolicy = ApprovalPolicy.auto
        for (index, line) in text.components(separatedBy: "\n").enumerated() {
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.hasPrefix("[") {
                (policy, approvalPolicy) = try settings(line)
                continue
            }
            let verdict = line.prefix(8).trimmingCharacters(in: .whitespaces)
            let rule = line.dropFirst(8).prefix(24).trimmingCharacters(in: .whitespaces)
            lines.append(
                CorpusLine(
                    number: index + 1, policy: policy, approvalPolicy: approvalPolicy,
                    verdict: try #require(PolicyVerdict.Kind(rawValue: verdict), "line \(index + 1)"),
                    rule: rule == "-" ? nil : rule, command: unescaped(String(line.dropFirst(32)))))
        }
        return lines
    }

    private static func settings(_ line: String) throws -> (CommandPolicy, ApprovalPolicy) {
        var policy = CommandPolicy.builtIn
        var approvalPolicy = ApprovalPolicy.auto
        for part in line.dropFirst().dropLast().split(separator: " ") {
            let value = String(part.drop { $0 != "=" }.dropFirst())
            switch part.prefix(while: { $0 != "=" }) {
            case "programs":
                let names = Set(value.split(separator: ",").map(String.init))
                policy = policy.with(programs: value == "*" ? .any : .only(names))
            case "fragments":
                guard let scope = CommandPolicy.FragmentScope(rawValue: value) else { fallthrough }
                policy = policy.with(fragmentScope: scope)
            case "policy": approvalPolicy = try #require(ApprovalPolicy(rawValue: value))
            default: Issue.record("\(line)")
            }
        }
        return (policy, approvalPolicy)
    }

    /// `\u{…}` by its number.
    private static func unescaped(_ text: String) -> String {
        var parts = text.components(separatedBy: "\\u{")[...]
        var result = parts.popFirst() ?? ""
        for part in parts {
            let digits = part.prefix { $0 != "}" }
            if let number = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(number) {
                result.unicodeScalars.append(scalar)
            }
            result += part.dropFirst(digits.count + 1)
        }
        return result
    }
}

@Suite("The corpus of commands")
struct CorpusTests {
    @Test("every hostile command is caught by its rule, and no harmless one is")
    func corpus() throws {
        for line in try CorpusLine.all() {
            let verdict = line.policy.verdict(of: line.command, approvalPolicy: line.approvalPolicy)
            #expect(
                verdict.kind == line.verdict && (line.rule == "any" || verdict.rule == line.rule),
                "line \(line.number): \(line.command): \(verdict.kind) by \(verdict.rule ?? "-"), \(verdict.reason)")
        }
    }

    @Test("it holds at least 300 commands, 100 of them harmless, and every rule that ships")
    func size() throws {
        let lines = try CorpusLine.all()
        #expect(lines.count >= 300)
        #expect(lines.count { $0.verdict == .allow } >= 100)
        let missing = Set(CommandPolicy.builtInRules.map(\.name)).subtracting(lines.compactMap(\.rule))
        #expect(missing.isEmpty, "\(missing)")
    }
}
