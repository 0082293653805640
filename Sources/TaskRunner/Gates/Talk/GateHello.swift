/// What somebody in the sandbox asks the broker. Everything in it may be a lie.
struct GateHello: Equatable, Sendable {
    enum Kind: UInt8 {
        case command = 0x43  // C
        case remote = 0x52  // R
        case secret = 0x53  // S
    }

    let kind: Kind
    let directory: String
    /// A command; a service of git and an address; the name of a secret.
    let words: [String]
    let environment: [String: String]

    /// Whether a push is only asked about: nothing shall be pushed yet.
    var isPreflight: Bool { environment["PANDAR_PUSH"] == "ask" }

    static let version: UInt8 = 1

    /// `nil` for what is no greeting: another version, lengths that do not fit, text that is not UTF-8.
    init?(_ payload: [UInt8]) {
        guard payload.count > 2, payload[0] == Self.version, let kind = Kind(rawValue: payload[1]) else { return nil }
        var rest = payload[2...]
        guard let directory = Self.text(&rest), let words = Self.list(&rest), let variables = Self.list(&rest),
            rest.isEmpty, !words.isEmpty
        else { return nil }
        self.kind = kind
        self.directory = directory
        self.words = words
        var environment: [String: String] = [:]
        for variable in variables {
            guard let place = variable.firstIndex(of: "="), place != variable.startIndex else { return nil }
            environment[String(variable[..<place])] = String(variable[variable.index(after: place)...])
        }
        self.environment = environment
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> Int? {
        guard rest.count >= 4 else { return nil }
        defer { rest = rest.dropFirst(4) }
        return Int(GateFrame.number(rest))
    }

    private static func text(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard let size = number(&rest), size <= rest.count else { return nil }
        defer { rest = rest.dropFirst(size) }
        let bytes = rest.prefix(size)
        // A null byte ends a word for every program that gets it.
        return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }

    private static func list(_ rest: inout ArraySlice<UInt8>) -> [String]? {
        // Each takes at least four bytes.
        guard let count = number(&rest), count <= rest.count / 4 else { return nil }
        var list: [String] = []
        for _ in 0..<count {
            guard let text = text(&rest) else { return nil }
            list.append(text)
        }
        return list
    }
}
