/// What a line of a plain command's output says about how far it is.
public struct ProgressRule: Hashable, Sendable {
    public var pattern: LinePattern
    /// How far the command is when the line comes, 0 to 100; else what the pattern's `{percent}`, or `{done}` of `{total}`,
    /// says.
    public var percent: Int?
    public var phase: ProgressReport.Phase?
    /// What is done from this line on; else the pattern's `{step}`.
    public var step: String?

    /// Rules of one agent.
    public static let limit = 50

    public init(
        _ pattern: LinePattern, percent: Int? = nil, phase: ProgressReport.Phase? = nil, step: String? = nil
    ) {
        self.pattern = pattern
        self.percent = percent
        self.phase = phase
        self.step = step
    }
}
