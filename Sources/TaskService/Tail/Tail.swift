internal import Foundation
internal import Kafka
internal import Logging
internal import Synchronization
internal import TaskCache
internal import TaskModel

/// Follows every partition of the status topic, outside any group, and folds it into the cache. Because every instance
/// does, each can take any partition over.
///
/// Works on the reader's own thread: reading waits while SQLite writes, which is all the back-pressure there is need of.
final class Tail: Sendable {
    /// Partitions that have not been read to their end since the start.
    private let behind: Mutex<Set<Int32>>
    private let cache: TaskCache
    private let progress: TailProgress
    private let mailbox: Mailbox<OwnerEvent>
    private let status: ServiceStatus
    private let logger: Logger
    private let isStopping = Atomic(false)

    private static let retrySeconds = 1.0

    init(
        partitions: Int32, cache: TaskCache, progress: TailProgress, mailbox: Mailbox<OwnerEvent>,
        status: ServiceStatus, logger: Logger
    ) {
        behind = Mutex(Set(0..<partitions))
        self.cache = cache
        self.progress = progress
        self.mailbox = mailbox
        self.status = status
        self.logger = logger
    }

    /// Folds a batch. One that cannot be folded (a full disk) is tried again until it can or the service stops: what
    /// came after it would otherwise move the checkpoint past it.
    func received(_ records: [KafkaRecord]) {
        let batch = records.map {
            CachedRecord(
                partition: $0.partition, offset: $0.offset, timestampMs: $0.timestampMs, key: $0.key, value: $0.value)
        }
        while !isStopping.load(ordering: .acquiring) {
            do {
                let result = try cache.fold(batch)
                status.change { $0.cacheProblem = nil }
                for (partition, owner) in result.owners { progress.saw(epoch: owner.record.epoch, of: partition) }
                mailbox.post(.folded(result))
                for record in records { progress.reached(record.offset + 1, of: record.partition) }
                return
            } catch {
                logger.error(
                    "the cache cannot be written; free space on its disk, or stop the service and delete it",
                    metadata: ["error": "\(error)"])
                status.change { $0.cacheProblem = "The cache cannot be written: \(error)" }
                Thread.sleep(forTimeInterval: Self.retrySeconds)
            }
        }
    }

    /// Ends the repetition of a batch that cannot be folded.
    func stop() {
        isStopping.store(true, ordering: .releasing)
    }

    /// A partition has been read to its end.
    func reachedEnd(_ partition: Int32, offset: Int64) {
        progress.reached(offset, of: partition)
        let isCaughtUp = behind.withLock { behind in
            behind.remove(partition)
            return behind.isEmpty
        }
        if isCaughtUp { status.change { $0.isCaughtUp = true } }
    }
}
