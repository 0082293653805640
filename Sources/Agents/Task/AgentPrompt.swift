public import TaskModel

/// What the agent is told: the words of the request, put together in a fixed form.
public struct AgentPrompt: Hashable, Sendable {
    /// What stands in `command` after the agent's name.
    public var words: [String]
    public var description: String?
    /// `metadata.context`, a string or an object.
    public var context: JSONValue?

    public init(words: [String], description: String? = nil, context: JSONValue? = nil) {
        self.words = words
        self.description = description
        self.context = context
    }

    /// The whole prompt.
    ///
    /// The words come first, joined by spaces and without quotes: they are for a reader, not for a shell. Description and
    /// context follow under headings; a context that is no string stands there as JSON. The last part is always the same
    /// and says what is special about running here.
    public var text: String {
        var parts: [String] = []
        let task = words.joined(separator: " ")
        if !task.isEmpty { parts.append(task) }
        if let description, !description.isEmpty { parts.append("# Description\n\n\(description)") }
        switch context {
        case nil, .null: break
        case .string(let text): if !text.isEmpty { parts.append("# Context\n\n\(text)") }
        case .some(let value):
            parts.append("# Context\n\n```json\n\(String(decoding: JSONWriter.bytes(of: value), as: UTF8.self))\n```")
        }
        parts.append(Self.house)
        return parts.joined(separator: "\n\n")
    }

    static let house = """
        # How you are run

        You work unattended in a sandbox. Nobody reads along: do the task to its end, and say at the end what you did. \
        Some commands, such as a push to a protected branch, wait until a person has decided; let them wait. What is \
        declined stays declined: do not look for another way to the same effect.
        """
}
