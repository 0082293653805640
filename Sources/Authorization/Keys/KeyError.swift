/// Why keys cannot be used: one sentence with the remedy, which never shows a key.
public struct KeyError: Error, Hashable, Sendable, CustomStringConvertible {
    public let message: String

    init(_ message: String) {
        self.message = message
    }

    public var description: String { message }
}
