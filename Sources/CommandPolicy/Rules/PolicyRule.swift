/// One rule: which commands it finds, and how severe that is. Plain data, as in the file.
///
/// A command is found when its program is one of `programs` and each condition that is given holds.
public struct PolicyRule: Hashable, Sendable {
    /// How severe a finding is.
    public enum Level: String, Hashable, Sendable, CaseIterable {
        /// A human may let it through: asks where the task's approval policy asks, blocks under `auto`.
        case deny
        /// Nobody may.
        case forbid
    }

    /// What a rule looks at.
    public enum Finding: String, Hashable, Sendable, CaseIterable {
        /// A program and its arguments.
        case command
        /// In the text of a shell: a command whose program only a shell would know (`$X -rf`).
        case unknownProgram = "unknown_program"
        /// In the text of a shell: what another command prints goes to a shell or interpreter.
        case pipeToShell = "pipe_to_shell"
        /// Code in an argument (`python -c …`) that has one of `any_of` in it.
        case inlineCode = "inline_code"
        /// In the text of a shell: a redirection to a file.
        case redirection
    }

    /// What the verdict names it by.
    public var name: String
    public var level: Level
    /// Why it stands there: one sentence for those whose command it finds.
    public var reason: String
    public var finding: Finding
    /// Names without directories, in any case; `mkfs.*` for all that begin so, `*` for every program.
    public var programs: [String]
    /// The words after the program that are no options must begin with one of these (`remote add`).
    public var subcommands: [String]
    /// Options whose value is the next word: needed to find the subcommand.
    public var values: [String]
    /// Each must be given: `-r|-R|--recursive`. Short ones also in a cluster, long ones also abbreviated.
    public var options: [String]
    /// Patterns (`*`, `?`, `[…]`), in any case: a word must match one.
    public var anyOf: [String]
    /// A word must match one of these too.
    public var andAnyOf: [String]
    /// A word that matches one of these does not count for `anyOf`.
    public var except: [String]
    /// Whether words that only a shell knows (`$X`) do not count as matching.
    public var isLiteral: Bool
    /// Commands that the rule must find: checked when it is loaded.
    public var matches: [String]
    /// Commands that it must not find.
    public var spares: [String]

    public init(
        _ name: String, _ level: Level, _ reason: String, finding: Finding = .command, programs: [String] = [],
        subcommands: [String] = [], values: [String] = [], options: [String] = [], anyOf: [String] = [],
        andAnyOf: [String] = [], except: [String] = [], isLiteral: Bool = false, matches: [String] = [],
        spares: [String] = []
    ) {
        self.name = name
        self.level = level
        self.reason = reason
        self.finding = finding
        self.programs = programs
        self.subcommands = subcommands
        self.values = values
        self.options = options
        self.anyOf = anyOf
        self.andAnyOf = andAnyOf
        self.except = except
        self.isLiteral = isLiteral
        self.matches = matches
        self.spares = spares
    }
}
