/// Options by their spellings, compared exactly: what is not listed stays unknown.
struct OptionNames: Sendable {
    private let names: Set<String>
    private let shorts: [String]

    /// - Parameter spellings: `-n|--namespace`.
    init(_ spellings: [String]) {
        let all = spellings.flatMap { $0.split(separator: "|").map(String.init) }
        names = Set(all)
        shorts = all.filter { $0.count == 2 }
    }

    /// Whether the word is one of them and no more.
    func isAlone(_ word: String) -> Bool { names.contains(word) }

    /// Whether the word is one of them, perhaps with its value: `--namespace=x`, `-nx`.
    func isGiven(in word: String) -> Bool {
        if names.contains(String(word.prefix { $0 != "=" })) { return true }
        return !word.hasPrefix("--") && shorts.contains { word.hasPrefix($0) }
    }
}
