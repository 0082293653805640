/// What the policy says to one command under one approval policy.
public struct PolicyVerdict: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// It may run.
        case allow
        /// It may run once a human has agreed.
        case gate
        /// It may not.
        case block
    }

    public let kind: Kind
    /// The rule that gave it; `nil` for `allow`. See ``CommandPolicy/ownRules`` for those that are in no file.
    public let rule: String?
    /// The command as it would be run; empty when it cannot be split.
    public let argv: [String]
    /// Why, in one sentence. Repeats no argument: they can hold secrets.
    public let reason: String

    public init(kind: Kind, rule: String?, argv: [String], reason: String) {
        self.kind = kind
        self.rule = rule
        self.argv = argv
        self.reason = reason
    }
}

/// How a verdict came about, for `pandar policy explain`.
public struct PolicyExplanation: Hashable, Sendable {
    /// One command that was judged: the command itself, or one that a wrapper or a shell's text would run.
    public struct Step: Hashable, Sendable {
        /// Its words, as far as they are known.
        public let words: [String]
        /// 0 for the command itself, 1 for what it runs, and so on.
        public let depth: Int
        /// The rules that were tried for it, in their order.
        public internal(set) var tried: [String]
        /// Those that found it.
        public internal(set) var found: [String]
    }

    public let verdict: PolicyVerdict
    public let steps: [Step]
}
