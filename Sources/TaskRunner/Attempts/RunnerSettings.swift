/// How attempts are run on this instance.
public struct RunnerSettings: Sendable {
    /// The instance's name and incarnation, as reports carry them.
    public var runner: String
    public var incarnation: String
    /// `PATH` of attempts.
    public var path: String
    /// Where attempts get their working directories; made if it is not there, cleared at start. This service's alone.
    public var workDirectory: String
    public var heartbeatSeconds: Int
    /// Seconds from SIGTERM to SIGKILL.
    public var killGraceSeconds: Int
    /// Bytes of output that one attempt may publish.
    public var outputLimitBytes: Int

    public init(
        runner: String, incarnation: String, path: String, workDirectory: String, heartbeatSeconds: Int = 5,
        killGraceSeconds: Int = 10, outputLimitBytes: Int = 10_485_760
    ) {
        self.runner = runner
        self.incarnation = incarnation
        self.path = path
        self.workDirectory = workDirectory
        self.heartbeatSeconds = heartbeatSeconds
        self.killGraceSeconds = killGraceSeconds
        self.outputLimitBytes = outputLimitBytes
    }
}
