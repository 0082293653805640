public import TaskModel

/// Why a token does not count. The message says what to do, and never carries the token or a key.
public struct TokenRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The closed set of causes.
    public enum Code: String, Sendable, CaseIterable {
        case missing, several, tooLarge, malformed, unsigned, algorithm, unknownKey, ambiguousKey, signature, claim,
            expired, notYet, audience, issuer
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }

    /// As the reason of a dead letter.
    public var violation: ContractViolation { ContractViolation(.unauthorized, message) }

    static func malformed(_ what: String) -> TokenRefusal {
        TokenRefusal(.malformed, "The token is no signed JWT: \(what). Send the header authorization: Bearer TOKEN.")
    }
}

extension String {
    /// What stands in a token, for a message: short, and nothing that moves a cursor.
    var shown: String {
        let visible = unicodeScalars.prefix(64).map {
            $0.isASCII && $0.value > 0x20 && $0.value < 0x7F ? Character($0) : "?"
        }
        return String(visible) + (unicodeScalars.count > 64 ? "…" : "")
    }
}
