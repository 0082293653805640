/// Something about an attempt's agent that is worth an event of its own on the progress topic.
public struct AgentEvent: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The agent asks something in words, or what a gate may hold.
        case question
        case answer
        /// The agent tries its model again.
        case retrying
        /// The proxy agent begins, or has ended, to do what the primary could not.
        case recovery
    }

    public var kind: Kind
    /// For people, at most `textLimit` characters (Unicode scalars).
    public var text: String
    /// Who answered, or recovers: an agent's name, `policy` or `gate`.
    public var by: String?

    public static let textLimit = 4000

    public init(_ kind: Kind, _ text: String, by: String? = nil) {
        self.kind = kind
        self.text = text.prefix(scalars: Self.textLimit)
        self.by = by
    }

    var json: JSONValue {
        ["type": .string(kind.rawValue), "text": .string(text), "by": by.map(JSONValue.string) ?? .null]
    }
}
