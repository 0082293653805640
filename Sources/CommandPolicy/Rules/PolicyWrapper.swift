/// A program that runs another one that its arguments name: what it runs is judged by the same rules. Plain data, as in
/// the file.
public struct PolicyWrapper: Hashable, Sendable {
    /// Where the other command stands.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// After the options, and after `operands` words: `timeout 5 COMMAND`.
        case command
        /// The text of a shell after an option in `strings` (`sh -c TEXT`).
        case shell
        /// All words after the options and after `operands` words are the text of a shell: `eval TEXT`.
        case text
        /// Code of another language after an option in `strings`, or, where there is none, the first operand.
        case code
        /// The values of words `NAME=TEXT` are the text of a shell: `alias`.
        case definitions
        /// Only after an option in `strings`, as the text of a shell: `tar -I TEXT`.
        case options
        /// After each of `markers`, until `;` or `+`: `find -exec COMMAND ;`.
        case markers
    }

    /// Names as in a rule.
    public var programs: [String]
    public var kind: Kind
    /// Options whose value is the next word.
    public var values: [String]
    /// Words between the options and the command: `timeout` has one. Words `NAME=VALUE` are skipped besides.
    public var operands: Int
    /// Where there are some: the first operand must be one of these, or nothing is run (`npm exec`, not `npm install`).
    public var after: [String]
    /// Options whose value is the text of a shell, or code.
    public var strings: [String]
    public var markers: [String]
    /// Whether the command gets further words that nobody knows yet, as from `xargs`.
    public var appends: Bool

    public init(
        _ programs: [String], _ kind: Kind = .command, values: [String] = [], operands: Int = 0,
        after: [String] = [], strings: [String] = [], markers: [String] = [], appends: Bool = false
    ) {
        self.programs = programs
        self.kind = kind
        self.values = values
        self.operands = operands
        self.after = after
        self.strings = strings
        self.markers = markers
        self.appends = appends
    }
}
