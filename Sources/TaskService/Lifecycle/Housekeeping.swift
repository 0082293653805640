internal import Foundation
internal import Logging
internal import TaskCache
internal import TaskModel
internal import TaskRunner

/// Forgets what the cache need not keep any longer, a little at a time.
struct Housekeeping: Sendable {
    let cache: TaskCache
    let retentionDays: Int
    let outputRetentionDays: Int
    let logger: Logger

    private static let interval = Duration.seconds(60)
    private static let millisecondsPerDay: Int64 = 86_400_000

    /// Works until its task is cancelled.
    func run() async {
        while !Task.isCancelled {
            do {
                try sweep(now: .now)
            } catch {
                logger.warning("old rows stay in the cache", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: Self.interval)
        }
    }

    func sweep(now: Timestamp) throws {
        if outputRetentionDays > 0 { try cache.prune(before: moment(outputRetentionDays, before: now)) }
        if retentionDays > 0 { try cache.prune(endedBefore: moment(retentionDays, before: now)) }
    }

    private func moment(_ days: Int, before now: Timestamp) -> Timestamp {
        now.adding(milliseconds: -Int64(days) * Self.millisecondsPerDay)
    }
}
