internal import TaskModel

/// Choices that stand on lines of their own.
enum MenuForms {
    /// Lines of a menu that are read.
    private static let limit = 30
    private static let marks: Set<Character> = ["❯", "›", "▸", "▶", "➤", "→", "»", ">"]

    /// Numbered lines above a line that asks for a number.
    static func list(_ screen: TerminalText) -> TerminalPrompt? {
        let line = screen.current.trimmed()
        guard PromptForms.asks(line) || line.hasSuffix("]") || line.hasSuffix(")") else { return nil }
        var rest = screen.above[...]
        var blank = 0
        while let last = rest.last, last.trimmed().isEmpty, blank < 2 {
            rest.removeLast()
            blank += 1
        }
        var choices: [TerminalPrompt.Choice] = []
        while let last = rest.last, let (number, label) = numbered(last), choices.count < limit {
            choices.insert(
                TerminalPrompt.Choice(label: label, keys: Array(number.utf8) + [TerminalPrompt.enter]), at: 0)
            rest.removeLast()
        }
        guard choices.count > 1, Set(choices.map(\.label)).count == choices.count else { return nil }
        let question = [header(rest), line].compactMap(\.self).joined(separator: "\n")
        return TerminalPrompt(kind: .choice(choices), question: question, isCertain: true)
    }

    /// Lines of which one has a cursor that the arrow keys move.
    static func menu(_ screen: TerminalText) -> TerminalPrompt? {
        var rest = (screen.above + [screen.current])[...]
        // An empty line, and one that says how the keys work.
        while let last = rest.last, last.trimmed().isEmpty || isHint(last) { rest.removeLast() }
        var labels: [String] = []
        var cursor: Int?
        while let last = rest.last, let (label, isMarked) = entry(last), labels.count < limit {
            if isMarked {
                // A second cursor is a second menu: an earlier drawing of this one.
                guard cursor == nil else { break }
                cursor = labels.count
            }
            labels.append(label)
            rest.removeLast()
        }
        guard let cursor, labels.count > 1, Set(labels).count == labels.count else { return nil }
        // They were read from below.
        let choices = labels.indices.reversed().map { index in
            TerminalPrompt.Choice(label: labels[index], keys: arrows(cursor - index) + [TerminalPrompt.enter])
        }
        return TerminalPrompt(kind: .choice(choices), question: header(rest) ?? "Which one?", isCertain: true)
    }

    /// `2) label`, `[2] label`, `❯ 2. label`.
    private static func numbered(_ line: String) -> (number: String, label: String)? {
        var rest = unmarked(line.trimmed())[...]
        if rest.first == "[" || rest.first == "(" { rest.removeFirst() }
        let number = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(number.count)
        guard (1...3).contains(number.count), let end = rest.popFirst(), ".)]:".contains(end), rest.first == " " else {
            return nil
        }
        let label = String(rest).trimmed()
        return label.isEmpty ? nil : (String(number), label)
    }

    /// A line of a menu with a cursor: marked, or indented as those are that are not.
    private static func entry(_ line: String) -> (label: String, isMarked: Bool)? {
        let text = line.trimmed()
        let label = numbered(text)?.label ?? unmarked(text)
        guard !label.isEmpty else { return nil }
        if let first = text.first, marks.contains(first) { return (label, true) }
        return line.first == " " || numbered(text) != nil ? (label, false) : nil
    }

    private static func unmarked(_ text: String) -> String {
        text.first.map(marks.contains) == true ? String(text.dropFirst()).trimmed() : text
    }

    private static func isHint(_ line: String) -> Bool {
        let low = line.lowercased()
        return ["arrow", "esc to", "enter to", "to select", "to navigate", "move up"].contains { low.contains($0) }
    }

    /// The last line that says something: the question.
    private static func header(_ lines: ArraySlice<String>) -> String? {
        lines.last { !$0.trimmed().isEmpty }?.trimmed()
    }

    /// Down for positive numbers, up for negative ones.
    private static func arrows(_ count: Int) -> [UInt8] {
        let arrow: [UInt8] = [0x1B, UInt8(ascii: "["), UInt8(ascii: count > 0 ? "B" : "A")]
        return Array(repeatElement(arrow, count: abs(count)).joined())
    }
}
