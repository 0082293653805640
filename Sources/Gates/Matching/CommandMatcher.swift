internal import CommandPolicy

/// A command trigger, made ready for matching.
struct CommandMatcher: Sendable {
    typealias Word = UnwrappedCommand.Word

    private let programs: Set<String>
    private let verbs: [[Glob]]
    private let exceptVerbs: [[Glob]]
    private let hasOpenVerb: Bool
    private let values: OptionNames
    private let flags: OptionNames
    private let options: OptionNames?
    private let anyOf: [Glob]
    private let unless: Exemption

    init(_ trigger: CommandTrigger) {
        let phrases = { (texts: [String]) in
            texts.flatMap { Self.expanded($0.split(separator: " ").map(String.init)) }.map { $0.map { Glob($0) } }
        }
        programs = Set(trigger.programs.map { $0.lowercased() })
        verbs = phrases(trigger.verbs)
        exceptVerbs = phrases(trigger.exceptVerbs)
        hasOpenVerb = trigger.verbs.isEmpty || trigger.verbs.contains { $0.hasPrefix("*") }
        values = OptionNames(trigger.values)
        flags = OptionNames(trigger.flags)
        options = trigger.options.isEmpty ? nil : OptionNames(trigger.options)
        anyOf = trigger.anyOf.map { Glob($0) }
        unless = Exemption(trigger.unless, values: values, flags: flags)
    }

    /// `**` stands for up to four words.
    private static func expanded(_ words: [String]) -> [[String]] {
        guard let place = words.firstIndex(of: "**") else { return [words] }
        return (0...4).flatMap { count in
            expanded(Array(words[..<place]) + Array(repeating: "*", count: count) + words[(place + 1)...])
        }
    }

    /// Whether it finds the act; `isCertain` is `false` where only unknown words make it so.
    func finding(_ act: Act) -> (found: Bool, isCertain: Bool) {
        let isNamed = act.programNames.contains(where: programs.contains)
        // A program that nobody knows may be any; only words that tell make it this one.
        guard isNamed || (act.programNames.isEmpty && !hasOpenVerb) else { return (false, false) }
        let arguments = act.words.dropFirst()
        guard hasOption(arguments), hasPattern(arguments), !unless.holds(arguments) else { return (false, false) }
        let operands = Operands(arguments, values: values, flags: flags)
        let (found, isCertain) = operands.match(verbs, except: exceptVerbs, isLiteral: !isNamed)
        return (found, isNamed && isCertain)
    }

    private func hasOption(_ arguments: ArraySlice<Word>) -> Bool {
        options.map { options in arguments.contains { !$0.isKnown || options.isGiven(in: $0.text) } } ?? true
    }

    private func hasPattern(_ arguments: ArraySlice<Word>) -> Bool {
        anyOf.isEmpty || arguments.contains { word in !word.isKnown || anyOf.contains { $0.matches(word.text) } }
    }
}

/// Words that make a command harmless, as `--dry-run=client`: the last of an option decides.
struct Exemption: Sendable {
    private let words: Set<String>
    private let names: [String]
    private let values: OptionNames
    private let flags: OptionNames

    init(_ words: [String], values: OptionNames, flags: OptionNames) {
        self.words = Set(words)
        names = words.map { String($0.prefix { $0 != "=" }) }
        self.values = values
        self.flags = flags
    }

    func holds(_ arguments: ArraySlice<UnwrappedCommand.Word>) -> Bool {
        guard !words.isEmpty else { return false }
        var isExempt: [String: Bool] = [:]
        // Whether the word is the value of the option before it, or may be.
        var isValue = false
        var mayBeValue = false
        for word in arguments {
            guard word.isKnown else { return false }
            let text = word.text
            if text == "--", !isValue { break }
            let couldBeValue = mayBeValue
            mayBeValue = false
            if isValue {
                isValue = false
                continue
            }
            guard text.hasPrefix("-"), text.count > 1 else { continue }
            if words.contains(text) {
                if !couldBeValue { isExempt[String(text.prefix { $0 != "=" })] = true }
            } else if let name = taken(back: text) {
                isExempt[name] = false
            } else if values.isAlone(text) {
                isValue = true
            } else {
                mayBeValue = !text.contains("=") && !flags.isAlone(text) && !values.isGiven(in: text)
            }
        }
        return isExempt.values.contains(true)
    }

    /// The option that the word gives another value to, also by a beginning of its name or with `--no-` before it.
    private func taken(back text: String) -> String? {
        let name = String(text.prefix { $0 != "=" })
        return names.first { full in
            guard full.hasPrefix("--") else { return name == full }
            let bare = name.hasPrefix("--no-") ? "--" + name.dropFirst(5) : name
            return bare.count > 2 && full.hasPrefix(bare)
        }
    }
}
