internal import Foundation
internal import Kafka
internal import Logging
internal import Synchronization
internal import TaskCache
internal import TaskEngine
internal import TaskModel
internal import TaskRunner

/// The shell around the engines of all partitions that this instance owns: one thread that collects inputs, lets the
/// engines decide, commits, and only then acts. Commits block, so this is not a task of the cooperative pool.
///
/// While a commit is in flight inputs gather; that is what makes the batches. An idle instance commits at once.
final class OwnerLoop {
    let configuration: ServiceConfiguration
    let engineConfiguration: EngineConfiguration
    let encoder: RecordEncoder
    let mailbox: Mailbox<OwnerEvent>
    let group: any InputGroup
    let committer: any CommitPort
    let reporter: any ReportPort
    let cache: TaskCache
    let tail: TailProgress
    let executor: any AttemptExecutor
    /// Ends of attempts that stand in the mailbox.
    let unread: UnreadReports
    let status: ServiceStatus
    let logger: Logger

    var partitions: [Int32: OwnedPartition] = [:]
    /// The membership under which `partitions` came.
    var membership: GroupMembership?
    /// The last epoch that this process claimed of each partition.
    var claimedEpochs: [Int32: Int64] = [:]
    var batch = CommitBatch()
    var slots: SlotBook
    /// Finished reports that no commit has taken in yet.
    var outbox = ReportOutbox()
    /// Uptime of the begin of the last commit that proved the membership.
    var lastProofAt: Double = 0
    /// Uptime of the begin of the last commit whose snapshots count.
    var lastWriteAt: Double = 0
    /// Opens when nothing is under way any more; set while the service goes down.
    private var drained: Latch?
    /// Whether attempts may not go on: those that are announced and start late end at once.
    private(set) var isInterrupting = false
    var isDraining: Bool { drained != nil }
    private var isStopped = false

    init(
        configuration: ServiceConfiguration, engineConfiguration: EngineConfiguration, mailbox: Mailbox<OwnerEvent>,
        group: any InputGroup, committer: any CommitPort, reporter: any ReportPort, cache: TaskCache,
        tail: TailProgress, executor: any AttemptExecutor, unread: UnreadReports, status: ServiceStatus,
        logger: Logger
    ) {
        self.configuration = configuration
        self.engineConfiguration = engineConfiguration
        encoder = RecordEncoder(
            layout: configuration.layout, instance: configuration.instance, group: configuration.groupID)
        self.mailbox = mailbox
        self.group = group
        self.committer = committer
        self.reporter = reporter
        self.cache = cache
        self.tail = tail
        self.executor = executor
        self.unread = unread
        self.status = status
        self.logger = logger
        slots = SlotBook(
            capacity: configuration.slots, parkAfterSeconds: engineConfiguration.parkAfterSeconds)
    }

    /// Works until it is told to stop.
    func run() {
        while !isStopped {
            let events = mailbox.take(until: Date(timeIntervalSinceNow: patience()))
            status.beat()
            for event in events { take(event) }
            let now = Timestamp.now
            tick(now)
            dispatch(now)
            commitIfNeeded()
            resendReports()
            publishStatus()
            if slots.isEmpty, outbox.isEmpty { drained?.open() }
        }
    }

    /// Seconds until something is due.
    private func patience() -> Double {
        let now = Timestamp.now
        var wait = 1.0
        for partition in partitions.values {
            guard let engine = partition.engine, let deadline = engine.nextDeadline else { continue }
            wait = min(wait, Double(deadline.milliseconds(since: now)) / 1000)
        }
        // Leases that wait for the reports topic would otherwise turn this into a busy loop.
        return max(wait, 0.02)
    }

    private func take(_ event: OwnerEvent) {
        switch event {
        case .records(let records): take(records)
        case .assigned(let assigned, let membership): claim(assigned, as: membership)
        case .revoked(let revoked, let latch):
            commitIfNeeded()
            giveUp(revoked)
            latch.open()
        case .report(let report, let partition): take(report, of: partition)
        case .echoes(let echoes): take(echoes)
        case .offsetsAnswered(let error, let membership, let startedAt):
            takeAnswer(error, of: membership, startedAt: startedAt)
        case .folded(let result): take(result)
        case .reportsAcknowledged(let refs, let sentAt):
            executor.renewLeases(refs, from: sentAt, seconds: engineConfiguration.leaseSeconds)
        case .drain(let latch): drained = latch
        case .interrupt:
            isInterrupting = true
            executor.stopAll(reason: .interrupted)
        case .stop:
            commitIfNeeded()
            isStopped = true
        }
    }

    private func tick(_ now: Timestamp) {
        for id in partitions.keys.sorted() {
            guard let engine = partitions[id]?.engine, let deadline = engine.nextDeadline, deadline <= now else {
                continue
            }
            let effects = partitions[id]?.handle(.tick, now: now) ?? []
            add(effects, of: id, now: now)
            if partitions[id]?.engine?.hasDueLeases(now: now) == true { proveSilence(id, now: now) }
        }
    }

    /// A foreign runner seems to have fallen silent: what it said must have been read before it is given up.
    private func proveSilence(_ id: Int32, now: Timestamp) {
        guard let end = group.endOffset(.reports, id), let position = partitions[id]?.positions[.reports],
            position >= end
        else { return }
        let effects = partitions[id]?.handle(.reportsRead(upTo: now), now: now) ?? []
        add(effects, of: id, now: now)
    }

    /// Gives free slots to the best tasks over all partitions.
    func dispatch(_ now: Timestamp) {
        guard !isDraining else { return }
        while slots.free(at: now) > 0 {
            let best = partitions.compactMap { id, partition in partition.engine?.headRank.map { (id, $0) } }
                .min { ($0.1, $0.0) < ($1.1, $1.0) }
            guard let (id, _) = best else { return }
            // A partition that is alone gets all slots in one call.
            let count = partitions.count == 1 ? slots.free(at: now) : 1
            let effects = partitions[id]?.handle(.slots(count), now: now) ?? []
            add(effects, of: id, now: now)
        }
    }

    /// Takes effects into the batch and keeps the book of slots.
    func add(_ effects: [Effect], of partition: Int32, now: Timestamp) {
        for case .publish(let snapshot) in effects { slots.observe(snapshot, lease: engineConfiguration) }
        batch.add(effects, of: partition, encoder, now: now)
    }
}
