/// How attempts are separated from the machine.
public struct SandboxSection: Sendable {
    /// Whether there is a sandbox. How strict it is, its profiles say.
    public enum Mode: String, Sendable, CaseIterable {
        case strict, none
    }

    public var mode = Mode.strict
    /// The profiles; empty: only the default one, which opens nothing.
    public var file = ""
    /// Empty for the one beside this program.
    public var initProgram = ""
    /// Whom attempts run as where the service is root. The default lies outside every range that systems, users and
    /// containers take.
    public var uid = 1_900_000_000
}
