internal import CommandPolicy
internal import TaskModel

/// How a verdict came about, for machines and for people.
extension PolicyExplanation {
    func json(_ policy: ApprovalPolicy) -> [UInt8] {
        let texts = { (words: [String]) in JSONValue.array(words.map(JSONValue.string)) }
        let commands = steps.map { step -> JSONValue in
            [
                "argv": texts(step.words), "depth": .integer(Int64(step.depth)), "tried": texts(step.tried),
                "found": texts(step.found),
            ]
        }
        return JSONWriter.bytes(
            of: [
                "verdict": .string(verdict.kind.rawValue), "rule": verdict.rule.map(JSONValue.string) ?? .null,
                "argv": texts(verdict.argv), "reason": .string(verdict.reason), "policy": .string(policy.rawValue),
                "commands": .array(commands),
            ])
    }

    func lines(_ policy: ApprovalPolicy, _ style: Style) -> [String] {
        let colour: Style.Colour =
            switch verdict.kind {
            case .allow: .green
            case .gate: .yellow
            case .block: .red
            }
        var lines: [String] = []
        for (number, word) in verdict.argv.enumerated() {
            lines.append("\(style("word \(number)", .dim))   \(word.printable)")
        }
        for step in steps {
            let indent = String(repeating: "  ", count: step.depth)
            lines.append("\(indent)\(style("judged", .dim))   \(CommandLine.quoted(step.words).printable)")
            let tried = step.tried.isEmpty ? "no rule is about it" : step.tried.joined(separator: ", ")
            lines.append("\(indent)\(style("tried", .dim))    \(tried)")
            if !step.found.isEmpty {
                lines.append("\(indent)\(style("found", .dim))    \(step.found.joined(separator: ", "))")
            }
        }
        let rule = verdict.rule.map { " by \($0)" } ?? ""
        lines.append(
            "\(style(verdict.kind.rawValue, colour))\(rule) under \(policy.rawValue): \(verdict.reason.printable)")
        return lines
    }
}
