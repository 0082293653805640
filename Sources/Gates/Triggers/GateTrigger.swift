/// What hits a gate. Plain data, as in the file.
public enum GateTrigger: Hashable, Sendable {
    /// A push to a protected branch or tag.
    case push(PushTrigger)
    /// A secret that is asked for.
    case secret(SecretTrigger)
    /// A program with certain words.
    case command(CommandTrigger)

    /// What hits name it by.
    public var name: String {
        switch self {
        case .push(let trigger): trigger.name
        case .secret(let trigger): trigger.name
        case .command(let trigger): trigger.name
        }
    }
}

/// Finds pushes by git, however they are spelt.
public struct PushTrigger: Hashable, Sendable {
    public var name: String
    /// Patterns (`*`, `?`, `[…]`, in any case) of branches without `refs/heads/`; `*` stands for `/` too.
    public var branches: [String]
    /// Patterns of tags without `refs/tags/`.
    public var tags: [String]

    public init(_ name: String, branches: [String], tags: [String] = []) {
        self.name = name
        self.branches = branches
        self.tags = tags
    }
}

/// Finds secrets that are asked for by name.
public struct SecretTrigger: Hashable, Sendable {
    public var name: String
    /// Patterns of names, in any case.
    public var secrets: [String]

    public init(_ name: String, secrets: [String]) {
        self.name = name
        self.secrets = secrets
    }
}

/// Finds a program that is given certain words.
public struct CommandTrigger: Hashable, Sendable {
    public var name: String
    /// Why it needs a decision: one sentence for those who decide.
    public var reason: String
    /// Names without directories, in any case.
    public var programs: [String]
    /// The words that are no options must begin with one of these (`state rm`; `*` for any word, `**` for up to
    /// four); empty for any.
    public var verbs: [String]
    /// What begins with one of these does not count.
    public var exceptVerbs: [String]
    /// Options whose value is the next word (`-n|--namespace`).
    public var values: [String]
    /// Options that take no next word; of others it is not known, and both is considered.
    public var flags: [String]
    /// One of these options must be given, if there are any (`-X|--method`).
    public var options: [String]
    /// Patterns: a word must match one, if there are any.
    public var anyOf: [String]
    /// Words that make it harmless (`--dry-run=client`), unless the same option follows with another value.
    public var unless: [String]
    /// Commands that it must find: checked when it is loaded.
    public var matches: [String]
    /// Commands that it must not find.
    public var spares: [String]

    public init(
        _ name: String, _ reason: String, programs: [String], verbs: [String] = [], exceptVerbs: [String] = [],
        values: [String] = [], flags: [String] = [], options: [String] = [], anyOf: [String] = [],
        unless: [String] = [], matches: [String] = [], spares: [String] = []
    ) {
        self.name = name
        self.reason = reason
        self.programs = programs
        self.verbs = verbs
        self.exceptVerbs = exceptVerbs
        self.values = values
        self.flags = flags
        self.options = options
        self.anyOf = anyOf
        self.unless = unless
        self.matches = matches
        self.spares = spares
    }
}
