/// Finds fragments (`rm -rf`, `sudo`) in a text as whole words: `summary` is not `su`, `pseudo` is not `sudo`.
///
/// Between two words stands any space. Options are found in every spelling: `-rf` also as `-fr`, `-r -f`,
/// `--recursive --force`; and further options may stand in between.
struct FragmentMatcher: Sendable {
    private enum Token: Sendable {
        /// A word; with `isPrefix` a longer one too.
        case word([UInt8], isPrefix: Bool)
        /// Options that must all be there, by their letters.
        case options(Set<UInt8>)
    }

    private let fragments: [[Token]]
    /// By the first byte, the fragments that begin with it.
    private let byHead: [[Int]]

    init(_ texts: [String]) {
        fragments = texts.map(Self.tokens)
        var byHead = [[Int]](repeating: [], count: 256)
        for (index, tokens) in fragments.enumerated() {
            guard case .word(let bytes, _) = tokens.first, let head = bytes.first else { continue }
            byHead[Int(head)].append(index)
        }
        self.byHead = byHead
    }

    var isEmpty: Bool { fragments.isEmpty }

    /// The first fragment in a normal text, by its index, and where it begins.
    func first(in text: [UInt8]) -> (index: Int, place: Int)? {
        for place in text.indices {
            let candidates = byHead[Int(text[place])]
            if candidates.isEmpty { continue }
            for index in candidates where matches(fragments[index], text, at: place) { return (index, place) }
        }
        return nil
    }

    /// The fragment that the text begins with.
    func atStart(of text: [UInt8]) -> Int? {
        guard let head = text.first else { return nil }
        return byHead[Int(head)].first { matches(fragments[$0], text, at: 0) }
    }

    // MARK: Words

    private static func tokens(_ text: String) -> [Token] {
        var tokens: [Token] = []
        for part in text.split(whereSeparator: \.isWhitespace) {
            let bytes = Array(part.utf8.map(ASCII.lowercased))
            if bytes.count > 1, bytes[0] == UInt8(ascii: "-"), ASCII.isLetter(bytes[1]) {
                let letters = Set(bytes.dropFirst())
                if case .options(let others) = tokens.last {
                    tokens[tokens.count - 1] = .options(others.union(letters))
                } else {
                    tokens.append(.options(letters))
                }
            } else if bytes.count > 1, bytes.last == UInt8(ascii: "*") {
                tokens.append(.word(bytes.dropLast(), isPrefix: true))
            } else {
                tokens.append(.word(bytes, isPrefix: false))
            }
        }
        return tokens
    }

    private func matches(_ tokens: [Token], _ text: [UInt8], at start: Int) -> Bool {
        if ASCII.isWord(text[start]), start > 0, ASCII.isWord(text[start - 1]) || text[start - 1] == UInt8(ascii: "-") {
            return false
        }
        var place = start
        for (index, token) in tokens.enumerated() {
            if index > 0 {
                let word = Self.skipSpace(text, place)
                guard word > place else { return false }
                place = word
            }
            switch token {
            case .options(let letters):
                guard let end = Self.takeOptions(letters, text, place) else { return false }
                place = end
            case .word(let bytes, let isPrefix):
                if index > 0, bytes.first != UInt8(ascii: "-") { place = Self.skipOptions(text, place) }
                guard text[place...].starts(with: bytes) else { return false }
                place += bytes.count
                if !isPrefix, !isBoundary(text, place) { return false }
            }
        }
        return true
    }

    /// Whether a word may end before `place`. A hyphen joins words: `sudo-free` is not `sudo`.
    private func isBoundary(_ text: [UInt8], _ place: Int) -> Bool {
        guard place < text.count, place > 0, ASCII.isWord(text[place - 1]) else { return true }
        if ASCII.isWord(text[place]) { return false }
        let joins = text[place] == UInt8(ascii: "-") && place + 1 < text.count && ASCII.isWord(text[place + 1])
        return !joins
    }

    private static func skipSpace(_ text: [UInt8], _ place: Int) -> Int {
        var place = place
        while place < text.count, text[place] == UInt8(ascii: " ") { place += 1 }
        return place
    }

    /// Behind the options that begin at `place`.
    private static func skipOptions(_ text: [UInt8], _ place: Int) -> Int {
        var place = place
        while place < text.count, text[place] == UInt8(ascii: "-") {
            while place < text.count, text[place] != UInt8(ascii: " ") { place += 1 }
            place = skipSpace(text, place)
        }
        return place
    }

    /// Takes options until all letters were among them; a long option counts by its first letter.
    private static func takeOptions(_ letters: Set<UInt8>, _ text: [UInt8], _ place: Int) -> Int? {
        var missing = letters
        var place = place
        while place < text.count, text[place] == UInt8(ascii: "-") {
            place += 1
            let isLong = place < text.count && text[place] == UInt8(ascii: "-")
            if isLong { place += 1 }
            var isFirst = true
            while place < text.count, ASCII.isWord(text[place]) {
                if isFirst || !isLong { missing.remove(text[place]) }
                isFirst = false
                place += 1
            }
            if missing.isEmpty { return place }
            while place < text.count, text[place] != UInt8(ascii: " ") { place += 1 }
            place = skipSpace(text, place)
        }
        return nil
    }
}
