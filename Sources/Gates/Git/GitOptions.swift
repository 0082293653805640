internal import CommandPolicy

/// The options of one command of git, by the rules of git's `parse-options`: long names may be shortened as far as they
/// are unambiguous, short ones stand in clusters, `--no-…` takes back, options may stand after operands.
struct GitOptionTable: Sendable {
    enum Argument: Sendable { case none, required, optional }

    let long: [String: Argument]
    let short: [Character: String]

    static let push = GitOptionTable(
        long: [
            "verbose": .none, "quiet": .none, "repo": .required, "all": .none, "branches": .none, "mirror": .none,
            "delete": .none, "tags": .none, "dry-run": .none, "porcelain": .none, "force": .none,
            "force-with-lease": .optional, "force-if-includes": .none, "recurse-submodules": .required, "thin": .none,
            "receive-pack": .required, "exec": .required, "set-upstream": .none, "progress": .none, "prune": .none,
            "verify": .none, "follow-tags": .none, "signed": .optional, "atomic": .none, "push-option": .required,
            "ipv4": .none, "ipv6": .none,
        ],
        short: [
            "v": "verbose", "q": "quiet", "d": "delete", "n": "dry-run", "f": "force", "u": "set-upstream",
            "o": "push-option", "4": "ipv4", "6": "ipv6",
        ])

    static let sendPack = GitOptionTable(
        long: [
            "verbose": .none, "quiet": .none, "receive-pack": .required, "exec": .required, "remote": .required,
            "all": .none, "dry-run": .none, "mirror": .none, "force": .none, "signed": .optional,
            "push-option": .required, "progress": .none, "thin": .none, "atomic": .none, "stateless-rpc": .none,
            "stdin": .none, "helper-status": .none, "force-with-lease": .optional, "force-if-includes": .none,
        ],
        short: ["v": "verbose", "q": "quiet", "n": "dry-run", "f": "force"])

    static let subtree = GitOptionTable(
        long: [
            "prefix": .required, "message": .required, "branch": .required, "annotate": .required, "onto": .required,
            "quiet": .none, "debug": .none, "ignore-joins": .none, "rejoin": .none, "squash": .none,
            "gpg-sign": .optional, "dry-run": .none,
        ],
        short: ["P": "prefix", "m": "message", "b": "branch", "q": "quiet", "d": "debug", "S": "gpg-sign"])
}

/// The options and operands of one command.
struct GitOptions {
    typealias Word = UnwrappedCommand.Word

    /// What each option was last set to: `nil` inside where it was taken back; flags have the value "".
    private var last: [String: String?] = [:]
    private var all: [String: [String]] = [:]
    private(set) var operands: [String] = []
    /// `-h` and `--help`: nothing is done.
    private(set) var asksForHelp = false
    /// Whether a word is unknown, or an option cannot be: then the rest may be read otherwise.
    private(set) var isUnsure = false

    init(_ words: some Sequence<Word>, _ table: GitOptionTable) {
        var rest = Array(words)[...]
        while let word = rest.popFirst() {
            guard word.isKnown else {
                isUnsure = true
                continue
            }
            let text = word.text
            if text == "--" || text == "--end-of-options" {
                isUnsure = isUnsure || rest.contains { !$0.isKnown }
                operands += rest.map(\.text)
                return
            }
            if text.hasPrefix("--") {
                readLong(text.dropFirst(2), table, &rest)
            } else if text.hasPrefix("-"), text.count > 1 {
                readShort(text.dropFirst(), table, &rest)
            } else {
                operands.append(text)
            }
        }
    }

    /// Whether a flag is set in the end.
    func has(_ name: String) -> Bool { (last[name] ?? nil) != nil }
    /// Whether a flag was taken back.
    func isNegated(_ name: String) -> Bool { last[name] == .some(nil) }
    func value(_ name: String) -> String? { last[name] ?? nil }
    func values(_ name: String) -> [String] { all[name] ?? [] }

    private mutating func set(_ name: String, _ value: String?) {
        last[name] = .some(value)
        if let value { all[name, default: []].append(value) } else { all[name] = [] }
    }

    private mutating func readLong(_ text: Substring, _ table: GitOptionTable, _ rest: inout ArraySlice<Word>) {
        let name = String(text.prefix { $0 != "=" })
        let attached = name.count < text.count ? String(text.dropFirst(name.count + 1)) : nil
        if ["help", "help-all", "git-completion-helper", "git-completion-helper-all"].contains(name) {
            asksForHelp = true
            return
        }
        guard let (option, isNegated) = Self.resolve(name, table), let argument = table.long[option] else {
            isUnsure = true
            return
        }
        // A value for what takes none: git refuses it.
        if attached != nil, isNegated || argument == .none { isUnsure = true }
        if isNegated { return set(option, nil) }
        switch argument {
        case .none: set(option, "")
        case .optional: set(option, attached ?? "")
        case .required:
            if let attached { return set(option, attached) }
            guard let next = rest.popFirst(), next.isKnown else {
                isUnsure = true
                return
            }
            set(option, next.text)
        }
    }

    private mutating func readShort(_ text: Substring, _ table: GitOptionTable, _ rest: inout ArraySlice<Word>) {
        var letters = text
        while let letter = letters.popFirst() {
            if letter == "h" {
                asksForHelp = true
                return
            }
            guard let option = table.short[letter], let argument = table.long[option] else {
                isUnsure = true
                return
            }
            switch argument {
            case .none: set(option, "")
            case .optional:
                set(option, String(letters))
                return
            case .required:
                if !letters.isEmpty { return set(option, String(letters)) }
                guard let next = rest.popFirst(), next.isKnown else {
                    isUnsure = true
                    return
                }
                return set(option, next.text)
            }
        }
    }

    /// The option that a name stands for; `nil` where there is none or more than one: git refuses it.
    private static func resolve(_ name: String, _ table: GitOptionTable) -> (option: String, isNegated: Bool)? {
        if table.long[name] != nil { return (name, false) }
        let negated = name.hasPrefix("no-") ? String(name.dropFirst(3)) : nil
        if let negated, table.long[negated] != nil { return (negated, true) }
        var found = table.long.keys.filter { $0.hasPrefix(name) }.map { ($0, false) }
        if let negated, !negated.isEmpty {
            found += table.long.keys.filter { $0.hasPrefix(negated) }.map { ($0, true) }
        }
        return found.count == 1 ? found.first : nil
    }
}
