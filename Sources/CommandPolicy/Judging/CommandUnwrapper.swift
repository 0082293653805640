/// A command that is run: the one that was asked about, or one that a wrapper or a shell's text runs in turn.
public struct UnwrappedCommand: Hashable, Sendable {
    /// One word of it.
    public struct Word: Hashable, Sendable {
        public let text: String
        /// `false` where only a shell knows the word, or a part of it: it may then be anything, also several words.
        public let isKnown: Bool

        public init(_ text: String, isKnown: Bool = true) {
            self.text = text
            self.isKnown = isKnown
        }

        init(_ word: CommandWord) {
            self.init(word.text, isKnown: !word.isDynamic)
        }
    }

    /// The program first.
    public let words: [Word]
    /// `NAME=VALUE` for each variable that those who run it set, in their order.
    public let variables: [Word]
    /// How many of the commands that stand before it run it: 0 for the command itself.
    public let depth: Int

    public init(words: [Word], variables: [Word] = [], depth: Int = 0) {
        self.words = words
        self.variables = variables
        self.depth = depth
    }

    /// What the program may be called by: without its directory, in small letters, without `.exe`, and without a
    /// version. Empty where nobody knows the program.
    public var programNames: [String] {
        guard let program = words.first, program.isKnown else { return [] }
        return ProgramName(CommandWord(program.text)).spellings
    }
}

/// All that a command runs, as far as it can be read.
public struct UnwrappedCommands: Sendable {
    /// Each command stands before those that it runs.
    public internal(set) var commands: [UnwrappedCommand] = []
    /// `false` where a text cannot be read to its end, or is nested too deeply.
    public internal(set) var isComplete = true
    /// Whether a shell or interpreter gets its program, or a part of it, from what another command prints.
    public internal(set) var readsPrinted = false

    /// What is set for the command under way.
    var variables: [CommandWord] = []
    var depth = 0

    mutating func add(_ words: some Sequence<CommandWord>) {
        commands.append(
            UnwrappedCommand(
                words: words.map(UnwrappedCommand.Word.init), variables: variables.map(UnwrappedCommand.Word.init),
                depth: depth))
    }
}

/// Finds what a command runs, through the wrappers and shells that the command policy knows.
public final class CommandUnwrapper: Sendable {
    private let index: PolicyIndex
    private let rules: [PolicyRule]

    /// - Parameter programs: those that are looked for in code of other languages too.
    public init(programs: [String], wrappers: [PolicyWrapper] = CommandPolicy.builtInWrappers) {
        rules = [
            PolicyRule("known", .deny, "", programs: programs),
            PolicyRule("code", .deny, "", finding: .inlineCode, anyOf: ["*"]),
        ]
        index = PolicyIndex(programs: .any, rules: rules, wrappers: wrappers, fragments: [])
    }

    /// What a command runs, itself first.
    public func commands(of words: [UnwrappedCommand.Word]) -> UnwrappedCommands {
        collect { judge in
            judge.judge(words.map { CommandWord(Array($0.text.utf8), isDynamic: !$0.isKnown) }, text: nil)
        }
    }

    /// What the text of a shell runs.
    public func commands(inShell text: UnwrappedCommand.Word) -> UnwrappedCommands {
        collect { judge in
            judge.judgeShell(CommandWord(Array(text.text.utf8), isDynamic: !text.isKnown), depth: 0)
        }
    }

    private func collect(_ body: (inout Judge) -> Void) -> UnwrappedCommands {
        var judge = Judge(index, rules: rules, isTraced: false, anchorsFragments: false)
        judge.collected = UnwrappedCommands()
        body(&judge)
        return judge.collected ?? UnwrappedCommands()
    }
}
