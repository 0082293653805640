/// An option by its spellings (`-r|-R|--recursive`), and how it is found among words.
struct OptionSpelling: Sendable {
    private var shorts: [UInt8] = []
    private var longs: [[UInt8]] = []
    /// `-exec`, as `find` and others have them.
    private var words: [[UInt8]] = []

    init(_ text: String) {
        for spelling in text.split(separator: "|") {
            let bytes = Array(spelling.utf8)
            if spelling.hasPrefix("--") {
                longs.append(Array(bytes.dropFirst(2)))
            } else if bytes.count == 2, bytes[0] == UInt8(ascii: "-") {
                shorts.append(bytes[1])
            } else {
                words.append(bytes)
            }
        }
    }

    /// What follows the option in the same word: `nil` if the word is not this option.
    func value(in word: [UInt8]) -> ArraySlice<UInt8>? {
        guard word.count > 1, word[0] == UInt8(ascii: "-") else {
            return words.contains(word) ? [] : nil
        }
        if word[1] == UInt8(ascii: "-") {
            let name = word.dropFirst(2).prefix { $0 != UInt8(ascii: "=") }
            // Any beginning of the name: programs take unambiguous abbreviations.
            guard !name.isEmpty, longs.contains(where: { $0.starts(with: name) }) else { return nil }
            return word.dropFirst(2 + name.count + 1)
        }
        if words.contains(word) { return [] }
        guard !shorts.isEmpty, let place = word.dropFirst().firstIndex(where: shorts.contains) else { return nil }
        return word[(place + 1)...]
    }

    /// Whether the word is exactly this option, so that its value is the next word.
    func isAlone(_ word: [UInt8]) -> Bool {
        value(in: word)?.isEmpty == true && !word.contains(UInt8(ascii: "="))
    }
}
