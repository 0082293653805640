internal import Foundation
internal import Kafka
public import Logging
public import ServiceLifecycle
public import TaskCache
internal import TaskEngine
internal import TaskModel
public import TaskRunner

/// One instance: owner, runner and tail, wired together.
///
/// `start` joins everything up; `run` waits for the graceful shutdown: nothing is started any more, attempts may finish
/// for a while, then they are interrupted and go back to `pending`, unspent.
public final class PandarService: Service {
    public let configuration: ServiceConfiguration
    public let status: ServiceStatus
    public let cache: TaskCache
    private let mailbox: Mailbox<OwnerEvent>
    private let group: GroupMember
    private let executor: any AttemptExecutor
    private let statusReader: TopicReader
    private let eventReader: TopicReader
    private let folding: FoldingThread
    private let tail: TailProgress
    private let producers: [Producer]
    private let transactional: TransactionalProducer?
    private let probe: BrokerProbe
    private let ownerEnded: Latch
    private let logger: Logger

    /// Connects, checks the topics, opens the cache and begins to work.
    ///
    /// - Parameter makeExecutor: replaces the processes, for the benchmark.
    /// - Throws: `ServiceError` with the remedy.
    public init(
        _ configuration: ServiceConfiguration, logger: Logger,
        makeExecutor: ((RunnerSettings, any AttemptSink) throws -> any AttemptExecutor)? = nil
    ) throws {
        self.configuration = configuration
        self.logger = logger
        let status = ServiceStatus()
        self.status = status
        let clusterID = try Self.checkCluster(configuration, logger)
        try Self.makeDirectories(configuration)
        let cache = try TaskCache(path: configuration.cachePath, clusterID: clusterID, logger: logger)
        self.cache = cache
        Self.tellOpening(of: cache, configuration, logger)
        try Self.discardForeignLog(in: cache, configuration, logger)
        let spending = DaySpending()
        spending.note(try cache.usage(since: UTCDay(.now)))

        let incarnation = UUID().uuidString.lowercased()
        var engine = configuration.engine
        engine.runner = configuration.instance
        engine.incarnation = incarnation
        engine.partitionCount = configuration.layout.partitions
        engine.startsAfterEcho = configuration.guarantee == .atLeastOnce

        mailbox = Mailbox<OwnerEvent>()
        tail = TailProgress()
        let events = try Producer(configuration.kafka, lingerMs: 5, logger: logger)
        let unread = UnreadReports()
        let sink = RunnerSink(
            mailbox: mailbox, unread: unread, producer: events,
            encoder: RecordEncoder(
                layout: configuration.layout, instance: configuration.instance, group: configuration.groupID))
        let settings = RunnerSettings(
            runner: configuration.instance, incarnation: incarnation, path: configuration.attemptPath,
            workDirectory: configuration.workDirectory, heartbeatSeconds: configuration.heartbeatSeconds,
            killGraceSeconds: configuration.killGraceSeconds, outputLimitBytes: configuration.outputLimitBytes,
            isolation: configuration.isolation, projects: configuration.projects,
            keptLimitBytes: configuration.keptLimitBytes, fetchSeconds: configuration.fetchSeconds,
            gates: configuration.engine.gates, agents: configuration.agents, spending: spending)
        executor =
            try makeExecutor?(settings, sink) ?? ProcessExecutor(settings: settings, sink: sink, logger: logger)

        group = GroupMember(layout: configuration.layout, mailbox: mailbox, status: status, logger: logger)
        let committer: any CommitPort
        switch configuration.guarantee {
        case .exactlyOnce:
            let producer = try TransactionalProducer(
                configuration.kafka, transactionalID: "\(configuration.groupID)-\(configuration.instance)",
                logger: logger)
            transactional = producer
            producers = [events]
            committer = ExactlyOnceCommitter(producer, group: group, logger: logger)
        case .atLeastOnce:
            let producer = try Producer(configuration.kafka, logger: logger)
            transactional = nil
            producers = [events, producer]
            committer = AtLeastOnceCommitter(producer, group: group, tail: tail, mailbox: mailbox)
        }
        folding = FoldingThread(
            partitions: configuration.layout.partitions, cache: cache, progress: tail, mailbox: mailbox, status: status,
            spending: spending, logger: logger)
        folding.start()
        let statusTail = Tail(
            wantsEchoes: engine.startsAfterEcho, folding: folding, progress: tail, mailbox: mailbox)
        let fetchWait = FetchWait(clusterID: clusterID)
        statusReader = try Self.follow(statusTail, tail, configuration, cache, fetchWait, logger)
        eventReader = try Self.followEvents(configuration, cache, logger)
        probe = BrokerProbe(events, status: status, logger: logger)
        probe.start()
        ownerEnded = Latch()
        startOwner(engine, committer, ReportSender(events, mailbox: mailbox, logger: logger), unread)
        // A stats replica owns nothing: partitions that it took would stand still.
        if configuration.slots > 0 {
            try group.join(configuration, fetchWaitMs: fetchWait.inputs)
        } else {
            status.change { $0.hasJoined = true }
        }
    }

    private func startOwner(
        _ engine: EngineConfiguration, _ committer: any CommitPort, _ reporter: any ReportPort,
        _ unread: UnreadReports
    ) {
        let loop = OwnerLoop(
            configuration: configuration, engineConfiguration: engine, mailbox: mailbox, group: group,
            committer: committer, reporter: reporter, cache: cache, tail: tail, executor: executor, unread: unread,
            status: status, logger: logger)
        let box = OwnerBox(loop)
        let thread = Thread { [ownerEnded] in
            box.loop.run()
            ownerEnded.open()
        }
        thread.name = "owner"
        thread.start()
    }

    /// Works until the task is cancelled or told to shut down gracefully, then stops in order.
    public func run() async throws {
        let housekeeping = Housekeeping(
            cache: cache, retentionDays: configuration.retentionDays,
            outputRetentionDays: configuration.outputRetentionDays, logger: logger)
        await cancelWhenGracefulShutdown { await housekeeping.run() }
        // A second signal ends the process at once: what runs is lost with it and repeated, nothing else is.
        signal(SIGTERM, SIG_DFL)
        signal(SIGINT, SIG_DFL)
        await withCheckedContinuation { continuation in
            let thread = Thread { [self] in
                stop()
                continuation.resume()
            }
            thread.name = "shutdown"
            thread.start()
        }
    }

    /// Records of the status topic that the cache does not have yet, as far as is known here.
    public var cacheLag: Int64 {
        let positions = tail.snapshot
        return (0..<configuration.layout.partitions).reduce(0) { lag, partition in
            let place = TopicPartition(topic: configuration.layout.status, partition: partition)
            let position = positions[partition] ?? 0
            return lag + max(0, (statusReader.knownEnd(place) ?? position) - position)
        }
    }

    // MARK: Starting

    private static func checkCluster(_ configuration: ServiceConfiguration, _ logger: Logger) throws -> String? {
        let metadata: ClusterMetadata
        do {
            metadata = try Admin(configuration.kafka, logger: logger).metadata()
        } catch {
            throw ServiceError(.brokerUnreachable, error.description)
        }
        let problems = TopicCheck.problems(metadata, configuration.layout)
        guard problems.isEmpty else { throw ServiceError(.topics, problems.joined(separator: "; ")) }
        return metadata.clusterID
    }

    private static func makeDirectories(_ configuration: ServiceConfiguration) throws {
        let cacheDirectory = (configuration.cachePath as NSString).deletingLastPathComponent
        for directory in [cacheDirectory, configuration.workDirectory] where !directory.isEmpty {
            do {
                try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            } catch {
                throw ServiceError(
                    .dataDirectory,
                    "The directory \(directory) cannot be made: \(error.localizedDescription). "
                        + "Choose another with --data-dir.")
            }
        }
    }

    private static func tellOpening(of cache: TaskCache, _ configuration: ServiceConfiguration, _ logger: Logger) {
        // One that could not be used has been told of where the reason is known.
        guard case .created = cache.opening else { return }
        logger.notice(
            "there is no cache yet; it is rebuilt from the status topic",
            metadata: ["file": "\(configuration.cachePath)"])
    }

    /// A cache that is ahead of the status topic was filled from another one: the topic was made anew.
    private static func discardForeignLog(
        in cache: TaskCache, _ configuration: ServiceConfiguration, _ logger: Logger
    ) throws {
        let admin = try Admin(configuration.kafka, logger: logger)
        for (partition, offset) in try cache.checkpoints() where partition < configuration.layout.partitions {
            let place = TopicPartition(topic: configuration.layout.status, partition: partition)
            let end = try admin.watermarks(place).high
            guard offset > end else { continue }
            logger.warning(
                "the status topic was made anew; the cache is rebuilt from it",
                metadata: ["partition": "\(partition)", "cached": "\(offset)", "end": "\(end)"])
            try cache.startAfresh()
            return
        }
    }

    private static func follow(
        _ tail: Tail, _ progress: TailProgress, _ configuration: ServiceConfiguration, _ cache: TaskCache,
        _ fetchWait: FetchWait, _ logger: Logger
    ) throws -> TopicReader {
        for (partition, epoch) in try cache.epochs() { progress.saw(epoch: epoch, of: partition) }
        let checkpoints = try cache.checkpoints()
        var start: [TopicPartition: StartOffset] = [:]
        for partition in 0..<configuration.layout.partitions {
            let place = TopicPartition(topic: configuration.layout.status, partition: partition)
            start[place] = checkpoints[partition].map { .offset($0) } ?? .beginning
            if let offset = checkpoints[partition] { progress.reached(offset, of: partition) }
        }
        return try TopicReader(
            configuration.kafka, start: start, fetchWaitMs: fetchWait.status, wantsHeaders: false, logger: logger
        ) { event in
            switch event {
            case .records(let records): tail.received(records)
            case .end(let place, let offset): tail.reachedEnd(place.partition, offset: offset)
            case .failed(let error):
                logger.warning("the status topic cannot be read at the moment", metadata: ["error": "\(error)"])
            }
        }
    }

    private static func followEvents(
        _ configuration: ServiceConfiguration, _ cache: TaskCache, _ logger: Logger
    ) throws -> TopicReader {
        let tail = EventTail(layout: configuration.layout, cache: cache, logger: logger)
        return try TopicReader(
            configuration.kafka, start: tail.start(partitions: configuration.layout.partitions), fetchWaitMs: 100,
            wantsHeaders: false, logger: logger
        ) { event in
            if case .records(let records) = event { tail.received(records) }
        }
    }

    // MARK: Stopping

    /// Starts nothing more, lets attempts finish for the configured time, interrupts the rest, leaves the group.
    /// Blocks; must not be called on the cooperative pool.
    public func stop() {
        let drained = Latch()
        mailbox.post(.drain(drained))
        if !drained.wait(seconds: Double(configuration.drainSeconds)) {
            mailbox.post(.interrupt)
            drained.wait(seconds: Double(configuration.killGraceSeconds) + 5)
        }
        group.close()
        mailbox.post(.stop)
        ownerEnded.wait(seconds: 10)
        probe.stop()
        folding.stop()
        for reader in [statusReader, eventReader] { reader.close() }
        for producer in producers {
            try? producer.flush(seconds: 5)
            producer.close()
        }
        transactional?.close()
    }
}

/// Hands the loop to its thread; nobody else touches it afterwards.
private final class OwnerBox: @unchecked Sendable {
    let loop: OwnerLoop

    init(_ loop: OwnerLoop) {
        self.loop = loop
    }
}
