/// A rule of the kind `command`, made ready for matching.
final class RuleMatcher: Sendable {
    let index: Int
    private let subcommands: [[[UInt8]]]
    private let values: [OptionSpelling]
    private let options: [OptionSpelling]
    private let anyOf: [Glob]
    private let andAnyOf: [Glob]
    private let except: [Glob]
    private let isLiteral: Bool

    init(_ rule: PolicyRule, index: Int) {
        self.index = index
        subcommands = rule.subcommands.map { $0.split(separator: " ").map { Array($0.utf8) } }
        values = rule.values.map(OptionSpelling.init)
        options = rule.options.map(OptionSpelling.init)
        anyOf = rule.anyOf.map(Glob.init)
        andAnyOf = rule.andAnyOf.map(Glob.init)
        except = rule.except.map(Glob.init)
        isLiteral = rule.isLiteral
    }

    /// Whether the arguments fulfil every condition.
    func matches(_ arguments: ArraySlice<CommandWord>) -> Bool {
        options.allSatisfy { hasOption($0, arguments) }
            && (anyOf.isEmpty || arguments.contains { counts($0) && !isExcepted($0) && matchesOne(of: anyOf, $0) })
            && (andAnyOf.isEmpty || arguments.contains { counts($0) && matchesOne(of: andAnyOf, $0) })
            && (subcommands.isEmpty || hasSubcommand(arguments))
    }

    /// Whether it says what the words look like.
    var isNamed: Bool { !anyOf.isEmpty }

    /// Whether one text (code, the target of a redirection) matches.
    func matches(text: [UInt8]) -> Bool {
        let present = ByteSet(text)
        let matches = { (globs: [Glob]) in globs.contains { $0.matches(text, present: present) } }
        return (anyOf.isEmpty || matches(anyOf)) && (andAnyOf.isEmpty || matches(andAnyOf)) && !matches(except)
    }

    private func counts(_ word: CommandWord) -> Bool { !(word.isDynamic && isLiteral) }

    private func isExcepted(_ word: CommandWord) -> Bool {
        !word.isDynamic && except.contains { $0.matches(word.folded, present: word.present) }
    }

    private func matchesOne(of globs: [Glob], _ word: CommandWord) -> Bool {
        word.isDynamic || globs.contains { $0.matches(word.folded, present: word.present) }
    }

    private func hasOption(_ option: OptionSpelling, _ arguments: ArraySlice<CommandWord>) -> Bool {
        for word in arguments {
            if word.isDynamic {
                if isLiteral { continue }
                return true
            }
            if word.bytes == [UInt8(ascii: "-"), UInt8(ascii: "-")] { return false }
            if option.value(in: word.bytes) != nil { return true }
        }
        return false
    }

    private func hasSubcommand(_ arguments: ArraySlice<CommandWord>) -> Bool {
        var operands: [CommandWord] = []
        var isValue = false
        for word in arguments {
            if isValue {
                isValue = false
            } else if word.isOption {
                isValue = values.contains { $0.isAlone(word.bytes) }
            } else {
                operands.append(word)
                if operands.count == 4 { break }
            }
        }
        return subcommands.contains { phrase in
            operands.count >= phrase.count
                && zip(phrase, operands).allSatisfy { $1.isDynamic ? !isLiteral : $0 == $1.folded }
        }
    }
}
