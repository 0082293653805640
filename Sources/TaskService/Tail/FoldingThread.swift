internal import Foundation
internal import Kafka
internal import Logging
internal import TaskCache
internal import TaskModel

/// Folds what the tail has read into the cache, in order, in batches that grow while it is behind: of several snapshots
/// of a task in one batch only the last is written.
final class FoldingThread: @unchecked Sendable {
    // Unchecked: all mutable state is guarded by `condition`, but for `behind` and `gatheringUntil`, which only the
    // thread touches.
    enum Work {
        case records([KafkaRecord])
        case end(partition: Int32, offset: Int64)
    }

    private let cache: TaskCache
    private let progress: TailProgress
    private let mailbox: Mailbox<OwnerEvent>
    private let status: ServiceStatus
    private let spending: DaySpending
    private let logger: Logger
    private let condition = NSCondition()
    private var work: [Work] = []
    private var count = 0
    private var isStopping = false
    private let ended = Latch()
    /// Partitions that have not been folded to their end since the start.
    private var behind: Set<Int32>

    /// Not before that moment the next batch is taken, unless somebody waits for it.
    private var gatheringUntil = Date.distantPast

    /// Records that may wait. Bounds memory: about 40 MB of usual snapshots.
    private static let limit = 20_000
    /// After a batch, records are gathered for a moment: a transaction writes a dozen pages however few records it holds,
    /// and of the snapshots that a task goes through meanwhile only the last is read and written. For longer from so
    /// many records in one batch on; never more than so many.
    private static let gatheringSeconds = 0.05
    private static let loadedGatheringSeconds = 0.5
    private static let loadedBatch = 1000
    private static let gatheringLimit = 10_000
    private static let retrySeconds = 1.0

    init(
        partitions: Int32, cache: TaskCache, progress: TailProgress, mailbox: Mailbox<OwnerEvent>,
        status: ServiceStatus, spending: DaySpending, logger: Logger
    ) {
        behind = Set(0..<partitions)
        self.cache = cache
        self.progress = progress
        self.mailbox = mailbox
        self.status = status
        self.spending = spending
        self.logger = logger
    }

    func start() {
        let thread = Thread { [self] in
            while let work = next() { handle(work) }
            ended.open()
        }
        thread.name = "fold"
        thread.start()
    }

    /// Blocks while too much waits.
    func add(_ item: Work) {
        condition.lock()
        defer { condition.unlock() }
        while count > Self.limit, !isStopping { condition.wait() }
        work.append(item)
        if case .records(let records) = item { count += records.count }
        condition.broadcast()
    }

    /// Ends the thread; what has not been folded is read again at the next start.
    func stop() {
        condition.lock()
        isStopping = true
        condition.broadcast()
        condition.unlock()
        ended.wait(seconds: 10)
    }

    private func next() -> [Work]? {
        condition.lock()
        defer { condition.unlock() }
        while work.isEmpty, !isStopping { condition.wait() }
        while count < Self.gatheringLimit, !isStopping, !progress.isAwaited, condition.wait(until: gatheringUntil) {}
        guard !isStopping else { return nil }
        defer {
            gatheringUntil = Date(
                timeIntervalSinceNow: count < Self.loadedBatch
                    ? Self.gatheringSeconds : Self.loadedGatheringSeconds)
            work = []
            count = 0
            condition.broadcast()
        }
        return work
    }

    private func handle(_ work: [Work]) {
        fold(
            work.flatMap { item -> [KafkaRecord] in
                if case .records(let records) = item { records } else { [] }
            })
        for case .end(let partition, let offset) in work {
            progress.reached(offset, of: partition)
            behind.remove(partition)
        }
        if behind.isEmpty, !status.snapshot.isCaughtUp { status.change { $0.isCaughtUp = true } }
    }

    /// A batch that cannot be folded (a full disk) is tried again until it can or the service stops: what comes after it
    /// would otherwise move the checkpoint past it.
    private func fold(_ records: [KafkaRecord]) {
        guard !records.isEmpty else { return }
        let batch = records.map {
            CachedRecord(
                partition: $0.partition, offset: $0.offset, timestampMs: $0.timestampMs, key: $0.key, value: $0.value)
        }
        repeat {
            do {
                let result = try cache.fold(batch)
                if status.snapshot.cacheProblem != nil { status.change { $0.cacheProblem = nil } }
                tellUnreadable(result)
                spending.note(result.usage)
                mailbox.post(.folded(result))
                for (partition, end) in records.ends { progress.reached(end, of: partition) }
                return
            } catch {
                logger.error(
                    "the cache cannot be written; free space on its disk, or stop the service and delete it",
                    metadata: ["error": "\(error)"])
                status.change { $0.cacheProblem = "The cache cannot be written: \(error)" }
            }
        } while waitsForRetry()
    }

    /// What cannot be read is not what the owners wrote of a task, and every reader is blind for it.
    private func tellUnreadable(_ result: FoldResult) {
        guard let first = result.firstInvalid else { return }
        status.sawUnreadable(result.invalid)
        logger.error(
            "status records cannot be read and are skipped: another program or another version of Pandar writes there",
            metadata: [
                "count": "\(result.invalid)", "partition": "\(first.partition)", "offset": "\(first.offset)",
            ])
    }

    /// `false` when the service stops meanwhile.
    private func waitsForRetry() -> Bool {
        condition.lock()
        defer { condition.unlock() }
        let deadline = Date(timeIntervalSinceNow: Self.retrySeconds)
        while !isStopping, condition.wait(until: deadline) {}
        return !isStopping
    }
}
