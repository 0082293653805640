/// What a line of output must hold: literal text with places for what it says.
///
/// `{percent}` is a number from 0 to 100, with or without decimals; `{done}` and `{total}` are whole numbers, such as in
/// `[3/12]`; `{step}` and `{any}` are any text up to what follows them. `{{` is a brace. A pattern may stand anywhere in the
/// line, and the first place counts. It is no regular expression on purpose: lines come from programs that are not trusted,
/// and a match must not take longer for some of them.
public struct LinePattern: Hashable, Sendable {
    public struct Invalid: Error, CustomStringConvertible {
        public let description: String
    }

    /// What a line gave for the places.
    struct Match: Hashable, Sendable {
        var percent: Int?
        var done: Int?
        var total: Int?
        var step: String?
    }

    enum Part: Hashable, Sendable {
        case literal([UInt8])
        case percent
        case done
        case total
        case step
        case any

        var isText: Bool { self == .step || self == .any }
        var isLiteral: Bool { if case .literal = self { true } else { false } }
    }

    /// As it was written.
    public let text: String
    let parts: [Part]

    /// Bytes of a pattern.
    public static let limit = 200

    public init(_ text: String) throws(Invalid) {
        guard !text.isEmpty, text.utf8.count <= Self.limit else {
            throw Invalid(description: "a pattern has 1 to \(Self.limit) bytes")
        }
        self.text = text
        parts = try Self.parts(text)
        guard parts.contains(where: { !$0.isText }) else {
            throw Invalid(description: "a pattern needs something besides {step} and {any}, or it fits every line")
        }
        for (one, next) in zip(parts, parts.dropFirst()) where !one.isLiteral && !next.isLiteral {
            throw Invalid(description: "two places need text between them, or nobody knows where the first one ends")
        }
    }

    private static let places: [String: Part] = [
        "percent": .percent, "done": .done, "total": .total, "step": .step, "any": .any,
    ]

    private static func parts(_ text: String) throws(Invalid) -> [Part] {
        var parts: [Part] = []
        var literal: [UInt8] = []
        var rest = Substring(text)
        while let character = rest.popFirst() {
            guard character == "{" else {
                literal += Array(String(character).utf8)
                continue
            }
            if rest.first == "{" {
                rest.removeFirst()
                literal.append(UInt8(ascii: "{"))
                continue
            }
            guard let end = rest.firstIndex(of: "}"), let place = places[String(rest[..<end])] else {
                throw Invalid(
                    description: "a brace begins {percent}, {done}, {total}, {step} or {any}; {{ is a brace itself")
            }
            guard place == .any || !parts.contains(place) else {
                throw Invalid(description: "{\(rest[..<end])} stands twice")
            }
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = []
            parts.append(place)
            rest = rest[rest.index(after: end)...]
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
        return parts
    }
}
