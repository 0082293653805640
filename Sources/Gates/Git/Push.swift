/// What a push would change, as far as it can be told.
struct Push {
    enum Destination: Hashable {
        /// One of these references of the remote; the first is the likeliest.
        case oneOf([String])
        /// All that match.
        case pattern(String)
        /// Nobody knows. Why: a part of a sentence.
        case unknown(String)
        /// One of these, unless the configuration, which nobody knows, says otherwise.
        case likely([String])
    }

    struct Update: Hashable {
        var source: String?
        var destination: Destination
        var forced = false
        var deletes = false
    }

    var remote: String?
    var url: String?
    var updates: [Update] = []

    /// Nobody knows what it changes. `why` completes the sentence "It cannot be told what it pushes to: …".
    static func unknown(_ why: String) -> Push { Push(updates: [Update(destination: .unknown(why))]) }
}

/// One refspec by the rules of git: `[+]SOURCE[:DESTINATION]`.
struct Refspec {
    var isForced = false
    var isNegative = false
    /// Empty for a deletion.
    var source: String
    /// `nil` where none is given.
    var destination: String?
    /// `:`, all branches that both sides have.
    var isMatching: Bool { source.isEmpty && destination == "" }
    var isPattern: Bool { source.contains("*") || destination?.contains("*") == true }

    init(_ text: String) {
        var rest = text[...]
        if rest.first == "+" {
            isForced = true
            rest.removeFirst()
        } else if rest.first == "^" {
            isNegative = true
            rest.removeFirst()
        }
        if let colon = rest.lastIndex(of: ":") {
            source = String(rest[..<colon])
            destination = String(rest[rest.index(after: colon)...])
        } else {
            source = String(rest)
            destination = nil
        }
        if source == "@" { source = "HEAD" }
    }

    /// Where the pattern puts a reference; `nil` where it does not take it.
    func mapped(_ reference: String) -> String? {
        guard isPattern else { return source == reference ? destination : nil }
        let parts = source.split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, reference.count >= parts[0].count + parts[1].count, reference.hasPrefix(parts[0]),
            reference.hasSuffix(parts[1])
        else { return nil }
        guard let destination else { return reference }
        let middle = reference.dropFirst(parts[0].count).dropLast(parts[1].count)
        let places = destination.split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
        return places.count == 2 ? String(places[0] + middle + places[1]) : nil
    }
}

extension Push {
    /// The references that a name can stand for, in git's order; the likeliest of a new one first.
    static func candidates(_ name: String) -> [String] {
        let rules = [
            "refs/heads/\(name)", "refs/tags/\(name)", "refs/\(name)", "refs/remotes/\(name)",
            "refs/remotes/\(name)/HEAD",
        ]
        return name.hasPrefix("refs/") ? [name] + rules : rules + [name]
    }
}
