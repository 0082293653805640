/// Pieces of the YAML files that are printed as templates.
enum YAMLText {
    /// A flow list, broken at 120 columns; nothing where it is empty.
    static func list(_ name: String, _ values: [String], indent: Int = 4) -> [String] {
        guard !values.isEmpty else { return [] }
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = "\(margin)\(name): ["
        for (index, value) in values.enumerated() {
            let part = quoted(value) + (index == values.count - 1 ? "]" : ",")
            if line.count + part.count + 1 > 118, index > 0 {
                lines.append(line)
                line = margin + "  "
            }
            line += (line.hasSuffix("[") || line.hasSuffix("  ") ? "" : " ") + part
        }
        return lines + [line]
    }

    /// A list with a line for each value; nothing where it is empty.
    static func lines(_ name: String, _ values: [String], indent: Int = 4) -> [String] {
        let margin = String(repeating: " ", count: indent)
        return values.isEmpty ? [] : ["\(margin)\(name):"] + values.map { "\(margin)  - \(quoted($0))" }
    }

    /// A value with quotes where YAML would take it for something else.
    static func quoted(_ text: String) -> String {
        let isPlain =
            text.first?.isLetter == true
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-/".contains($0)) }
        let isWord = ["yes", "no", "on", "off", "true", "false", "null", "y", "n"].contains(text.lowercased())
        return isPlain && !isWord ? text : "'" + text.replacing("'", with: "''") + "'"
    }
}
