/// A program that the runner runs outside of the attempt's sandbox for it, with credentials that no attempt sees.
public struct ProjectAct: Hashable, Sendable {
    /// The name that the program is called by, without a directory.
    public var program: String
    /// Variables of the program's environment.
    public var environment: [ProjectSecret]
    /// Files of its home directory.
    public var files: [ProjectFile]
    /// The profile of the sandbox that it runs in; `nil` for the default one.
    public var sandboxProfile: String?
    /// Seconds that one run may take.
    public var timeoutSeconds: Int
    /// What is done with a command that no gate is hit by; `nil`: as the program has it.
    public var ungated: UngatedCommands?

    public init(
        program: String, environment: [ProjectSecret] = [], files: [ProjectFile] = [], sandboxProfile: String? = nil,
        timeoutSeconds: Int = 600, ungated: UngatedCommands? = nil
    ) {
        self.program = program
        self.environment = environment
        self.files = files
        self.sandboxProfile = sandboxProfile
        self.timeoutSeconds = timeoutSeconds
        self.ungated = ungated
    }

    /// Programs whose reading commands run no code of the directory that they are called in. Others (`terraform plan`
    /// runs the providers and data sources that it finds there) ask for those, too.
    private static let readers: Set<String> = [
        "kubectl", "oc", "kubecolor", "helm", "helm3", "aws", "gcloud", "gsutil", "bq", "az", "gh", "glab",
    ]

    var handling: UngatedCommands { ungated ?? (Self.readers.contains(program) ? .outside : .ask) }
}

/// What is done with a command of an act's program that no gate of the task is hit by.
public enum UngatedCommands: String, CaseIterable, Sendable {
    /// It runs outside at once, with the credentials.
    case outside
    /// It runs in the attempt's sandbox, without them.
    case inside
    /// It asks as if it had hit the gate that looks at the program.
    case ask
}

/// A secret that a program reads from a file.
public struct ProjectFile: Hashable, Sendable {
    /// Beneath the home directory; relative, without `.` and `..`.
    public var path: String
    public var source: SecretSource

    public init(path: String, source: SecretSource) {
        self.path = path
        self.source = source
    }
}
