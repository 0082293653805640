/// How far an attempt is separated from the machine.
public enum SandboxMode: String, Sendable, CaseIterable {
    /// Namespaces, a system that can only be read, no privileges, the full filter of system calls.
    case strict
    /// As strict, but the program may trace its own children (debuggers, profilers).
    case permissive
    /// Not at all: attempts are processes of the service's user. Only by configuration, in so many words.
    case none

    /// The stricter of the two.
    public func tightened(by other: SandboxMode) -> SandboxMode {
        switch (self, other) {
        case (.strict, _), (_, .strict): .strict
        case (.permissive, _), (_, .permissive): .permissive
        default: .none
        }
    }
}
