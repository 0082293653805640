internal import TaskModel

/// Something that a program on a terminal waits for.
struct TerminalPrompt: Hashable, Sendable {
    struct Choice: Hashable, Sendable {
        let label: String
        /// What is typed for it.
        let keys: [UInt8]
    }

    enum Kind: Hashable, Sendable {
        /// A password, a token, a name to sign in with: for people and secrets, never for an agent.
        case credential
        /// One of these and nothing else.
        case choice([Choice])
        case text
    }

    let kind: Kind
    /// As it stands on the screen, with what belongs to it.
    let question: String
    /// Of a form that hardly means anything else. Others are only believed after a longer silence.
    let isCertain: Bool

    /// The key that ends a line; a terminal makes a line's end of it, and a program that takes single keys knows it.
    static let enter = UInt8(ascii: "\r")
    static let interrupt: UInt8 = 0x03

    /// What is typed for an answer; `nil` where it is none.
    ///
    /// An answer in words comes from a model: of control characters nothing is left, for they are keys, and an empty one would
    /// be a bare Enter, which takes a default that nobody has looked at.
    func keys(for answer: String) -> [UInt8]? {
        let isKey: (Unicode.Scalar) -> Bool = { $0.properties.generalCategory == .control }
        let first = answer.split { $0.isNewline }.first ?? ""
        let text = String(String.UnicodeScalarView(first.unicodeScalars.filter { !isKey($0) })).trimmed()
        switch kind {
        case .credential: return nil
        case .text: return text.isEmpty ? nil : Array(text.prefix(Self.answerLimit).utf8) + [Self.enter]
        case .choice(let choices): return choices.first { $0.label.lowercased() == text.lowercased() }?.keys
        }
    }

    /// Characters of a typed answer: a terminal's line holds 4,095 bytes.
    static let answerLimit = 1000

    /// A secret as it is typed; `nil` where it cannot be typed as one line.
    static func keys(forSecret value: String) -> [UInt8]? {
        guard !value.isEmpty, value.utf8.count < 4000, value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            return nil
        }
        return Array(value.utf8) + [enter]
    }
}
