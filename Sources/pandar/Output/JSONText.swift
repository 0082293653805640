internal import TaskModel

/// Reads an answer for showing it in words.
extension JSONObject {
    init(answer: [UInt8]) throws {
        guard let object = try? JSONParser.parse(answer).objectValue else {
            throw CommandError(.failed, "The answer is no JSON object; is the service of another version?")
        }
        self = object
    }

    /// A member as text: numbers and booleans as they are written.
    func text(_ name: String) -> String? {
        switch self[name] {
        case .string(let text): text
        case .integer(let number): String(number)
        case .decimal(let text): text
        case .bool(let truth): String(truth)
        default: nil
        }
    }
}
