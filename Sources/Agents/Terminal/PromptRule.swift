/// What the operator lets be typed where a program on a terminal asks for something.
public struct PromptRule: Hashable, Sendable {
    public enum Reply: Hashable, Sendable {
        case text(String)
        /// The secret of that name, by `pandar-secret`: a gate may hold it.
        case secret(String)
    }

    /// What the line must hold that asks.
    public var pattern: LinePattern
    public var reply: Reply

    /// Rules of one agent.
    public static let limit = 50

    public init(_ pattern: LinePattern, _ reply: Reply) {
        self.pattern = pattern
        self.reply = reply
    }
}
