internal import CommandPolicy
internal import TaskModel

/// Reads one command of git: what it pushes, and what it runs in turn.
struct GitReader {
    typealias Word = UnwrappedCommand.Word

    /// What git runs.
    enum Run {
        case command([Word])
        /// The text of a shell, and what is known of the repository there.
        case text(Word, RepositoryFacts?)
    }

    static let programs: Set<String> = ["git", "hub"]

    private let environment: [String: String]
    private let facts: RepositoryFacts?
    /// Whether every variable is known.
    private let isEnvironmentKnown: Bool
    private var extraConfiguration: [RepositoryFacts.Entry] = []
    private(set) var pushes: [Push] = []
    private(set) var runs: [Run] = []

    /// - Parameters:
    ///   - environment: that of the question.
    ///   - variables: `NAME=VALUE` that are set for this command.
    ///   - facts: what holds in its place, if anybody knows.
    init(environment: [String: String], variables: [Word], facts: RepositoryFacts?) {
        var environment = environment
        for variable in variables {
            let name = String(variable.text.prefix { $0 != "=" })
            environment[name] = String(variable.text.dropFirst(name.count + 1))
        }
        self.environment = environment
        isEnvironmentKnown = variables.allSatisfy(\.isKnown)
        self.facts = variables.contains { Self.moves($0.text) } ? nil : facts
    }

    /// Whether a command of an unknown program looks like a push.
    static func looksLikePush(_ words: [Word]) -> Bool {
        let command = GitInvocation(words.dropFirst(), environment: [:]).command
        return command?.isKnown == true && ["push", "send-pack"].contains(command?.text)
    }

    /// - Parameter words: what stands after `git`.
    mutating func read(_ words: ArraySlice<Word>, aliases: Int = 0) {
        let invocation = GitInvocation(words, environment: environment)
        guard !invocation.onlyPrints, let command = invocation.command else { return }
        guard command.isKnown, aliases < 10 else {
            pushes.append(.unknown("only a shell knows the command of git"))
            return
        }
        let here = invocation.location == facts?.location ?? [] ? facts : nil
        var configuration = GitConfiguration(here?.configuration ?? [], isComplete: here != nil)
        let fromEnvironment = GitConfiguration.entries(of: environment)
        if fromEnvironment == nil || !isEnvironmentKnown || !invocation.isConfigurationKnown {
            configuration.isComplete = false
        }
        let given = (fromEnvironment ?? []) + extraConfiguration + invocation.configuration
        configuration.overlay(given)
        if given.contains(where: { $0.key.lowercased().hasPrefix("include") }) { configuration.isComplete = false }
        readPrograms(given)
        let reader = PushReader(configuration: configuration, facts: configuration.isComplete ? here : nil)
        extraConfiguration += invocation.configuration
        if GitCommandNames.builtIn.contains(command.text) || command.text == "subtree" {
            readCommand(command.text, invocation.arguments, reader)
        } else {
            readOther(command.text, invocation.arguments, reader, aliases)
        }
    }

    private mutating func readCommand(_ command: String, _ arguments: ArraySlice<Word>, _ reader: PushReader) {
        switch command {
        case "push": add(reader.push(GitOptions(arguments, .push)))
        case "send-pack": add(reader.sendPack(GitOptions(arguments, .sendPack)))
        case "subtree":
            guard arguments.contains(where: { !$0.isKnown || $0.text == "push" }) else { return }
            add(reader.subtree(GitOptions(arguments, .subtree)))
        case _ where GitCommandNames.unreadable.contains(command):
            add(.unknown("git \(command) gets it on its input, or by another protocol"))
        default: readRuns(command, arguments)
        }
    }

    private mutating func add(_ push: Push?) {
        if let push { pushes.append(push) }
    }

    // MARK: Aliases and programs

    private mutating func readOther(
        _ name: String, _ arguments: ArraySlice<Word>, _ reader: PushReader, _ aliases: Int
    ) {
        if let verbs = GitCommandNames.foreign[name], arguments.contains(where: { verbs.contains($0.text) }) {
            return add(.unknown("it commits to what is no git"))
        }
        guard let alias = reader.configuration.alias(name) else {
            let guesses = reader.configuration.value("help.autocorrect").map { $0.lowercased() } ?? "0"
            if !reader.configuration.isComplete {
                add(.unknown("the command may be an alias, and nothing is known of the configuration"))
            } else if !["0", "false", "no", "off", "show", "never"].contains(guesses) {
                add(.unknown("git guesses at a command that it does not know"))
            }
            return
        }
        if alias.hasPrefix("!") {
            let words = arguments.map { $0.isKnown ? CommandLine.quoted([$0.text]) : "$UNKNOWN" }
            let text = ([String(alias.dropFirst())] + words).joined(separator: " ")
            runs.append(.text(Word(text), reader.facts))
        } else if let words = GitConfiguration.words(alias) {
            read((words.map { Word($0) } + arguments)[...], aliases: aliases + 1)
        } else {
            add(.unknown("an alias cannot be split"))
        }
    }

    /// A value may be a program: `core.pager`, `core.sshCommand`, `credential.helper`.
    private mutating func readPrograms(_ entries: [RepositoryFacts.Entry]) {
        for entry in entries where !entry.key.lowercased().hasPrefix("alias.") {
            guard let value = entry.value else { continue }
            runs.append(.text(Word(value.hasPrefix("!") ? String(value.dropFirst()) : value), nil))
        }
    }

    private mutating func readRuns(_ command: String, _ arguments: ArraySlice<Word>) {
        let words = Array(arguments)
        let operands = words.drop { $0.isKnown && $0.text.hasPrefix("-") }
        switch command {
        case "submodule" where operands.first?.text == "foreach":
            let rest = operands.dropFirst().drop { $0.isKnown && $0.text.hasPrefix("-") }
            let isKnown = rest.allSatisfy(\.isKnown)
            runs.append(.text(Word(rest.map(\.text).joined(separator: " "), isKnown: isKnown), nil))
            if !isKnown { runs.append(.command(Array(rest))) }
        case "bisect" where operands.first?.text == "run": runs.append(.command(Array(operands.dropFirst())))
        case "for-each-repo": runs.append(.command([Word("git")] + operands))
        default: break
        }
        readTexts(words, options: GitCommandNames.textOptions[command] ?? [])
    }

    /// Values of options that are texts for a shell; long options may be shortened.
    private mutating func readTexts(_ words: [Word], options: [String]) {
        for (place, word) in words.enumerated() {
            let name = word.text.prefix { $0 != "=" }
            for option in options {
                if word.text == option || (name.count > 2 && option.hasPrefix("--") && option.hasPrefix(name)) {
                    let attached = word.text.dropFirst(name.count + 1)
                    if !attached.isEmpty {
                        runs.append(.text(Word(String(attached)), nil))
                    } else if place + 1 < words.count {
                        runs.append(.text(words[place + 1], nil))
                    }
                } else if !option.hasPrefix("--"), word.text.hasPrefix(option) {
                    runs.append(.text(Word(String(word.text.dropFirst(option.count))), nil))
                }
            }
        }
    }

    /// Variables with which git finds another repository, or another configuration.
    private static func moves(_ assignment: String) -> Bool {
        let name = assignment.prefix { $0 != "=" }
        if ["HOME", "XDG_CONFIG_HOME", "PREFIX"].contains(name) { return true }
        let harmless = [
            "GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_", "GIT_CONFIG_PARAMETERS", "GIT_TRACE",
            "GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_TERMINAL_PROMPT", "GIT_PAGER", "GIT_EDITOR", "GIT_SSH",
            "GIT_SEQUENCE_EDITOR", "GIT_OPTIONAL_LOCKS", "GIT_CURL_VERBOSE", "GIT_MERGE_AUTOEDIT",
        ]
        return name.hasPrefix("GIT_") && !harmless.contains { name.hasPrefix($0) }
    }
}
