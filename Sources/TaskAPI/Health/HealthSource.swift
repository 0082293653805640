/// Who knows how the service is.
public protocol HealthSource: Sendable {
    /// Whether the process works: its loops move. When it does not, a restart is the remedy.
    func liveness() -> HealthReport
    /// Whether the service is of use now: assigned, caught up, topics right. When it is not, waiting is the remedy.
    func readiness() -> HealthReport
}
