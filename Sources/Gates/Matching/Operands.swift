internal import CommandPolicy

/// The words of a command that are no options. After an option of which it is not known whether it takes a value, the
/// next word may be that value: both ways to read it are tried.
struct Operands {
    private struct Operand {
        let word: UnwrappedCommand.Word
        let isOptional: Bool
    }

    /// More words than any verb has.
    private static let limit = 8

    private var operands: [Operand] = []
    init(_ arguments: ArraySlice<UnwrappedCommand.Word>, values: OptionNames, flags: OptionNames) {
        var rest = arguments
        var mayBeValue = false
        while let word = rest.popFirst(), operands.count < Self.limit {
            if word.isKnown, word.text == "--" {
                operands += rest.prefix(Self.limit).map { Operand(word: $0, isOptional: false) }
                return
            }
            guard word.isKnown, word.text.hasPrefix("-"), word.text.count > 1 else {
                operands.append(Operand(word: word, isOptional: mayBeValue || !word.isKnown))
                mayBeValue = false
                continue
            }
            mayBeValue = false
            if values.isAlone(word.text) {
                rest = rest.dropFirst()
            } else {
                mayBeValue =
                    !word.text.contains("=") && !flags.isAlone(word.text) && !values.isGiven(in: word.text)
            }
        }
    }

    /// Whether there is a way to read them in which they begin with one of `verbs` and with none of `except`, and
    /// whether they do so in every way.
    ///
    /// - Parameter isLiteral: whether words that only a shell knows count for nothing.
    func match(_ verbs: [[Glob]], except: [[Glob]], isLiteral: Bool) -> (found: Bool, isCertain: Bool) {
        let begins = { (words: [UnwrappedCommand.Word], verbs: [[Glob]], unknown: Bool) in
            verbs.contains { Self.begins(words, with: $0, unknown: unknown) }
        }
        let readings = readings()
        let found = readings.contains {
            (verbs.isEmpty || begins($0, verbs, !isLiteral)) && !begins($0, except, false)
        }
        let isCertain = readings.allSatisfy {
            (verbs.isEmpty || begins($0, verbs, false)) && !begins($0, except, true)
        }
        return (found, found && isCertain)
    }

    private func readings() -> [[UnwrappedCommand.Word]] {
        var readings: [[UnwrappedCommand.Word]] = [[]]
        for operand in operands {
            let with = readings.map { $0 + [operand.word] }
            readings = operand.isOptional ? with + readings : with
        }
        return readings
    }

    /// - Parameter unknown: what a word counts as that only a shell knows.
    private static func begins(_ words: [UnwrappedCommand.Word], with verb: [Glob], unknown: Bool) -> Bool {
        for (place, glob) in verb.enumerated() {
            guard place < words.count else { return false }
            // It may be any number of words.
            guard words[place].isKnown else { return unknown }
            guard glob.matches(words[place].text) else { return false }
        }
        return true
    }
}
