/// What the program has made of its terminal's input.
public struct TerminalMode: Hashable, Sendable {
    /// Whether input comes to the program in lines.
    public var isCanonical: Bool
    /// Whether what is typed is shown.
    public var echoes: Bool

    public init(isCanonical: Bool = true, echoes: Bool = true) {
        self.isCanonical = isCanonical
        self.echoes = echoes
    }

    /// A line that nobody is to see while it is typed: how programs ask for a password. (An editor of lines or a menu takes
    /// keys instead.)
    public var isSecret: Bool { isCanonical && !echoes }
}
