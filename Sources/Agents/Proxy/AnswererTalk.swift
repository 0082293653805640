internal import TaskModel

/// What the proxy agent says to a question in words.
public enum AnswererTalk {
    /// Reads `{"answer": "Red"}`, which stands for every part, `{"answer": ["Red", "Blue"]}`, or an object of these by the
    /// parts' ids.
    ///
    /// - Returns: an answer to every part, or `nil`.
    public static func answer(_ bytes: [UInt8], to parts: [AgentQuestion.Words]) -> AgentAnswer? {
        // The last line that is one: models like to put fences around.
        let lines = bytes.split(separator: UInt8(ascii: "\n")).reversed()
        guard let answer = lines.lazy.compactMap({ Frame.read(Array($0))?["answer"] }).first else { return nil }
        var answers: [String: [String]] = [:]
        for part in parts {
            let given = answer.objectValue.map { $0[part.id] ?? .null } ?? answer
            guard let labels = labels(given), !labels.isEmpty, part.allowsSeveral || labels.count == 1 else {
                return nil
            }
            let known = part.options.map { $0.label.lowercased() }
            guard !part.isClosed || labels.allSatisfy({ known.contains($0.lowercased()) }) else { return nil }
            answers[part.id] = labels
        }
        return .words(answers)
    }

    private static func labels(_ value: JSONValue) -> [String]? {
        switch value {
        case .string(let text): text.isEmpty ? nil : [text]
        case .array(let values):
            values.allSatisfy({ $0.stringValue != nil }) ? values.compactMap(\.stringValue) : nil
        default: nil
        }
    }
}
