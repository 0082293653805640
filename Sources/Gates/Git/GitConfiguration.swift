/// The configuration that git would use for one command, as far as it is known.
struct GitConfiguration {
    private(set) var entries: [RepositoryFacts.Entry]
    /// Whether all of it is known: the repository's part too.
    var isComplete: Bool

    init(_ entries: [RepositoryFacts.Entry] = [], isComplete: Bool) {
        self.entries = entries.map { .init(Self.normal($0.key), $0.value) }
        self.isComplete = isComplete
    }

    /// Puts values on top, unless they stand there already: whoever gathered the rest may have seen them.
    mutating func overlay(_ more: [RepositoryFacts.Entry]) {
        let more = more.map { RepositoryFacts.Entry(Self.normal($0.key), $0.value) }
        guard !entries.reversed().starts(with: more.reversed()) else { return }
        entries += more
    }

    /// All values of a key; a name without `=` counts as `true`.
    func values(_ key: String) -> [String] {
        entries.compactMap { $0.key == key ? $0.value ?? "true" : nil }
    }

    /// The value that holds.
    func value(_ key: String) -> String? { values(key).last }

    /// Everything but what git reads as false counts as true.
    func flag(_ key: String) -> Bool? {
        value(key).map { !["false", "no", "off", "0", ""].contains($0.lowercased()) }
    }

    /// The names between `section.` and `.variable`.
    func subsections(_ section: String, _ variable: String) -> [String] {
        var names: [String] = []
        for entry in entries {
            guard entry.key.hasPrefix("\(section)."), entry.key.hasSuffix(".\(variable)") else { continue }
            let name = String(entry.key.dropFirst(section.count + 1).dropLast(variable.count + 1))
            if entry.key.count > section.count + variable.count + 1, !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// Section and variable in small letters, what stands between as it is.
    private static func normal(_ key: String) -> String {
        guard let first = key.firstIndex(of: "."), let last = key.lastIndex(of: ".") else { return key.lowercased() }
        return key[..<first].lowercased() + key[first..<last] + key[last...].lowercased()
    }

    // MARK: Values that come with a command

    /// `KEY=VALUE` of `-c`.
    static func entry(_ text: String) -> RepositoryFacts.Entry {
        guard let place = text.firstIndex(of: "=") else { return .init(text, nil) }
        return .init(String(text[..<place]), String(text[text.index(after: place)...]))
    }

    /// What the environment sets; `nil` where it cannot be read.
    static func entries(of environment: [String: String]) -> [RepositoryFacts.Entry]? {
        var entries: [RepositoryFacts.Entry] = []
        if let text = environment["GIT_CONFIG_COUNT"], !text.isEmpty {
            guard let count = Int(text), (0...1000).contains(count) else { return nil }
            for index in 0..<count {
                guard let key = environment["GIT_CONFIG_KEY_\(index)"] else { return nil }
                entries.append(.init(key, environment["GIT_CONFIG_VALUE_\(index)"] ?? ""))
            }
        }
        guard let text = environment["GIT_CONFIG_PARAMETERS"] else { return entries }
        guard let parameters = parameters(text) else { return nil }
        return entries + parameters
    }

    /// `'key'='value'` and, as older versions write it, `'key=value'`.
    private static func parameters(_ text: String) -> [RepositoryFacts.Entry]? {
        var entries: [RepositoryFacts.Entry] = []
        var rest = text[...]
        while true {
            rest = rest.drop(while: \.isWhitespace)
            guard !rest.isEmpty else { return entries }
            guard let key = quoted(&rest) else { return nil }
            if rest.first == "=" {
                rest.removeFirst()
                let isBare = rest.first?.isWhitespace ?? true
                guard !isBare else {
                    entries.append(.init(key, nil))
                    continue
                }
                guard let value = quoted(&rest) else { return nil }
                entries.append(.init(key, value))
            } else {
                entries.append(entry(key))
            }
        }
    }

    /// A word in single quotes, in which `'\''` and `'\!'` stand for one character.
    private static func quoted(_ rest: inout Substring) -> String? {
        guard rest.first == "'" else { return nil }
        rest.removeFirst()
        var text = ""
        while let character = rest.popFirst() {
            guard character == "'" else {
                text.append(character)
                continue
            }
            guard rest.first == "\\" else { return text }
            rest.removeFirst()
            guard let escaped = rest.popFirst(), rest.popFirst() == "'" else { return nil }
            text.append(escaped)
        }
        return nil
    }
}
