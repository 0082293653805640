internal import TaskModel

/// What is said to the program that answers questions in words, and what it says.
public enum AnswererTalk {
    /// The question with its context: the task and the last of the output.
    public static func question(_ parts: [AgentQuestion.Words], prompt: String, output: String) -> [UInt8] {
        Frame.line([
            "questions": .array(parts.map(\.json)), "prompt": .string(prompt), "output": .string(output),
        ])
    }

    /// Reads `{"answer": "Red"}`, which stands for every part, `{"answer": ["Red", "Blue"]}`, or an object of these by the
    /// parts' ids.
    ///
    /// - Returns: an answer to every part, or `nil`.
    public static func answer(_ bytes: [UInt8], to parts: [AgentQuestion.Words]) -> AgentAnswer? {
        guard let line = bytes.split(separator: UInt8(ascii: "\n")).last,
            let answer = Frame.read(Array(line))?["answer"]
        else { return nil }
        var answers: [String: [String]] = [:]
        for part in parts {
            let given = answer.objectValue.map { $0[part.id] ?? .null } ?? answer
            guard let labels = labels(given), !labels.isEmpty, part.allowsSeveral || labels.count == 1 else {
                return nil
            }
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
