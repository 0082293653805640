public import TaskModel

/// What an agent asks before it goes on.
public struct AgentQuestion: Hashable, Sendable {
    /// Unique within one run of one adapter; the protocol's own ids are numbers here and strings there.
    public struct ID: Hashable, Sendable {
        public let number: Int

        public init(_ number: Int) { self.number = number }
    }

    public enum Kind: Hashable, Sendable {
        /// Run a command; the text is the agent's, with its `bash -lc` around it where it has one.
        case command(String, directory: String?)
        case fileChange([String])
        /// More rights for the agent within its own rules: other hosts, other folders, no more questions.
        case permission(String)
        case tool(String, input: JSONValue)
        /// Something to choose or to say.
        case words([Words])
        /// A credential, asked for on a terminal. `secret`: the name of the one that is meant for it.
        case credential(String, secret: String?)
    }

    /// One question in words.
    public struct Words: Hashable, Sendable {
        public struct Option: Hashable, Sendable {
            public var label: String
            public var description: String

            public init(label: String, description: String) {
                self.label = label
                self.description = description
            }
        }

        /// By which the answer is given.
        public var id: String
        public var header: String
        public var question: String
        /// Empty where the answer is free.
        public var options: [Option]
        public var allowsSeveral: Bool
        /// Asks for what nobody but a person may say, such as a password.
        public var isSecret: Bool
        /// Whether nothing but one of the options is an answer.
        public var isClosed: Bool
        /// The answer that the operator has given beforehand.
        public var given: String?

        public init(
            id: String, header: String, question: String, options: [Option], allowsSeveral: Bool = false,
            isSecret: Bool = false, isClosed: Bool = false, given: String? = nil
        ) {
            self.id = id
            self.header = header
            self.question = question
            self.options = options
            self.allowsSeveral = allowsSeveral
            self.isSecret = isSecret
            self.isClosed = isClosed
            self.given = given
        }
    }

    public let id: ID
    public let kind: Kind
    /// Why, in the agent's words.
    public let reason: String?

    public init(id: ID, kind: Kind, reason: String? = nil) {
        self.id = id
        self.kind = kind
        self.reason = reason
    }
}

/// The answer to one question, for this once.
public enum AgentAnswer: Hashable, Sendable {
    case accept
    /// The agent is told the reason where its protocol has a place for it.
    case decline(reason: String)
    /// By the ids of the question's parts: the labels chosen, or free text.
    case words([String: [String]])
    /// The value of a secret. It is typed, and stands in no report.
    case secret(String)
}
