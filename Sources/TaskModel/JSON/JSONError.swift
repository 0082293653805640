/// Why bytes are not JSON that Pandar accepts.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The closed set of causes.
    public enum Code: String, Sendable {
        case empty
        case syntax
        case invalidUTF8
        case loneSurrogate
        case tooDeep
        case duplicateMember
    }

    public let code: Code
    /// Byte position in the input, from 0.
    public let offset: Int
    public let message: String

    public init(code: Code, offset: Int, message: String) {
        self.code = code
        self.offset = offset
        self.message = message
    }

    public var description: String { "\(message) at byte \(offset)" }
}
