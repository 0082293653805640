/// What somebody is about to do: run a command, or take a secret.
public struct GateQuestion: Hashable, Sendable {
    /// The program and its arguments; empty where a secret is asked for.
    public var argv: [String]
    public var workingDirectory: String?
    /// The variables that it would run with, as far as they are known.
    public var environment: [String: String]
    /// What git would use in `workingDirectory` with `environment`; `nil` where nobody has looked.
    public var repository: RepositoryFacts?
    /// The name of the secret that is asked for.
    public var secret: String?

    public init(
        argv: [String], workingDirectory: String? = nil, environment: [String: String] = [:],
        repository: RepositoryFacts? = nil
    ) {
        self.argv = argv
        self.workingDirectory = workingDirectory
        self.environment = environment
        self.repository = repository
    }

    /// A secret is asked for by its name.
    public init(secret: String) {
        self.init(argv: [])
        self.secret = secret
    }
}
