internal import TaskAPI
internal import TaskRunner
internal import TaskService

/// Answers `/livez` and `/readyz` from what the loops say of themselves.
struct ServiceHealth: HealthSource {
    let status: ServiceStatus
    let partitions: Int

    /// Seconds without a turn after which a loop counts as stuck. Both turn several times a second; a commit that meets
    /// a silent broker may hold the owner for its time-out of 15 s.
    private static let patience = 60.0

    func liveness() -> HealthReport {
        let snapshot = status.snapshot
        return HealthReport([
            beat("owner", snapshot.ownerBeat), beat("poll", snapshot.pollBeat),
        ])
    }

    private func beat(_ name: String, _ beat: Double) -> HealthReport.Check {
        let age = Uptime.now - beat
        // A loop that has not begun yet is starting up.
        let isOK = beat == 0 || age < Self.patience
        return .init(
            name: name, isOK: isOK,
            detail: isOK ? "The loop moves." : "The loop has not moved for \(Int(age)) s; restart the service.")
    }

    func readiness() -> HealthReport {
        let snapshot = status.snapshot
        let claiming = snapshot.claimingPartitions
        return HealthReport([
            .init(
                name: "topics", isOK: snapshot.topicProblems.isEmpty,
                detail: snapshot.topicProblems.isEmpty
                    ? "The topics are right." : snapshot.topicProblems.joined(separator: "; ")),
            .init(
                name: "assigned", isOK: snapshot.hasJoined && claiming.isEmpty,
                detail: !snapshot.hasJoined
                    ? "The consumer group has not assigned anything yet."
                    : claiming.isEmpty
                        ? "Partitions of this instance: \(list(snapshot.activePartitions)) of \(partitions)."
                        : "Partitions \(list(claiming)) wait for their barrier."),
            .init(
                name: "caught_up", isOK: snapshot.isCaughtUp && snapshot.cacheProblem == nil,
                detail: snapshot.cacheProblem
                    ?? (snapshot.isCaughtUp
                        ? "The cache has reached the end of the status topic."
                        : "The cache is still being filled from the status topic.")),
            .init(
                name: "broker", isOK: snapshot.unreachable == nil && snapshot.brokerProblem == nil,
                detail: snapshot.unreachable ?? snapshot.brokerProblem ?? "A broker answers, and commits succeed."),
            .init(
                name: "accepting", isOK: !snapshot.isDraining,
                detail: snapshot.isDraining ? "The service is shutting down." : "The service starts tasks."),
        ])
    }

    private func list(_ partitions: [Int32]) -> String {
        partitions.isEmpty ? "none" : partitions.map(String.init).joined(separator: ", ")
    }
}
