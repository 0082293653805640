public import TaskModel

/// All decisions about the tasks of one partition. It has no clock, no thread, no socket: the shell tells it what
/// happened and when, and carries out the effects.
///
/// State in memory runs ahead of the log while a commit is under way. If the commit fails, the shell throws the engine
/// away and restores a new one from the log: there is one way of recovery, and it is the way of every takeover.
public struct PartitionEngine: Sendable {
    public let partition: Int32
    public let configuration: EngineConfiguration
    /// The epoch of this ownership; stands in every snapshot.
    public let epoch: Int64

    var tasks = TaskTable()
    var ready = ReadyQueue()
    var timers = TimerQueue()
    var keys = ConcurrencyKeys()
    /// All reports that were written before this moment have been handled.
    var reportsHorizon: Timestamp?
    /// Tasks that had ended when they were taken in for the sake of a record, as they were.
    var admitted: [TaskID: RecordOrder] = [:]
    var lastTicket: UInt64 = 0
    var lastSequence: UInt64 = 0
    var effects: [Effect] = []
    var alerts = AlertWindows()

    /// An owner of `partition` that holds nothing yet.
    public init(partition: Int32, epoch: Int64, configuration: EngineConfiguration) {
        self.partition = partition
        self.epoch = epoch
        self.configuration = configuration
    }

    /// Takes one input in and says what to do.
    public mutating func handle(_ input: Input, now: Timestamp) -> [Effect] {
        effects.removeAll(keepingCapacity: true)
        switch input {
        case .record(let record, .failure(let violation), _): effects.append(.deadLetter(record, violation))
        case .record(let record, .success(let message), let whereabouts):
            take(message, from: record, whereabouts, now: now)
        case .report(let report): take(report, now: now)
        case .tick: advance(to: now)
        case .reportsRead(let moment):
            reportsHorizon = moment
            advance(to: now)
        case .slots(let count): startReady(count, now: now)
        case .echo(let id, let order): confirmEcho(of: id, order)
        case .folded(let id, let order): letGo(id, order)
        case .zombie(let id): rewrite(id)
        }
        raiseAlerts(now: now)
        return effects
    }

    private mutating func take(
        _ message: InboundMessage, from record: InboundRecord, _ whereabouts: Whereabouts, now: Timestamp
    ) {
        if case .refused(let violation) = record.authority {
            refuse(message, from: record, whereabouts, violation)
            return
        }
        switch message {
        case .request(let request): accept(request, from: record, whereabouts, now: now)
        case .report(let report): take(report, now: now)
        case .action(let action):
            guard routed(action.taskID, record, whereabouts), mayTouch(action.taskID, record) else { return }
            apply(action, from: record, now: now)
        case .decision(let decision):
            guard routed(decision.taskID, record, whereabouts), mayTouch(decision.taskID, record) else { return }
            apply(decision, from: record, now: now)
        }
    }

    // MARK: What the shell asks

    /// Whether the engine holds the task. What it does not hold the shell looks up in the cache and admits.
    public func holds(_ id: TaskID) -> Bool { tasks.contains(id) }

    /// The current snapshot of a task that the engine holds.
    public func snapshot(of id: TaskID) -> TaskSnapshot? { tasks.snapshot(of: id) }

    /// How many tasks the engine holds (all that are active, and those that ended a moment ago).
    public var taskCount: Int { tasks.count }

    /// Every held task, in no particular order.
    public var snapshots: [TaskSnapshot] { Array(tasks.snapshots) }

    /// Calls `body` with every held task, in no particular order, without copying them all.
    public func forEachTask(_ body: (TaskSnapshot) -> Void) {
        for snapshot in tasks.snapshots { body(snapshot) }
    }

    /// When the next tick can change something; `nil` while nothing is due ever.
    public var nextDeadline: Timestamp? { timers.first?.deadline }

    /// The rank of the task that would start next. The shell gives a free slot to the partition with the smallest.
    public var headRank: QueueRank? { ready.first?.rank }

    /// The partition that a key (concurrency key, else task id) belongs to.
    public func home(of key: String) -> Int32 {
        configuration.partitioner.partition(of: key, count: configuration.partitionCount)
    }

    // MARK: Parts that the extensions share

    /// Applies a change to a task, as the next version, and publishes it.
    mutating func transition(_ id: TaskID, now: Timestamp, _ change: (inout TaskState) -> Void) {
        let epoch = epoch
        let sandbox = configuration.sandbox
        var published: TaskSnapshot?
        tasks.update(id) { entry in
            change(&entry.snapshot.state)
            entry.snapshot.state.version += 1
            entry.snapshot.state.epoch = epoch
            entry.snapshot.state.sandbox = sandbox
            entry.snapshot.state.updatedAt = max(now, entry.snapshot.state.updatedAt)
            entry.publishedAt = now
            published = entry.snapshot
        }
        if let published { effects.append(.publish(published)) }
    }

    /// Makes all queue entries and timers of a task void and returns the number that new ones must carry.
    mutating func newTicket(for id: TaskID) -> UInt64 {
        lastTicket += 1
        let ticket = lastTicket
        tasks.renew(id, ticket: ticket)
        return ticket
    }

    /// - Parameter channels: where it goes beside the task's own.
    mutating func notify(
        _ kind: Notification.Kind, _ id: TaskID, title: String, content: String, confirmation: Confirmation? = nil,
        channels: [String] = [], now: Timestamp
    ) {
        guard let snapshot = tasks.snapshot(of: id) else { return }
        let others = channels.filter { !snapshot.spec.notify.contains($0) }
        effects.append(
            .notify(
                Notification(
                    kind: kind, title: title, content: content, snapshot: snapshot,
                    channels: snapshot.spec.notify + others, confirmation: confirmation, createdAt: now)))
    }

    /// Writes the current snapshot again under this epoch, after a former owner's late record.
    private mutating func rewrite(_ id: TaskID) {
        let epoch = epoch
        tasks.update(id) { $0.snapshot.state.epoch = epoch }
        if let snapshot = tasks.snapshot(of: id) { effects.append(.publish(snapshot)) }
    }

    private mutating func confirmEcho(of id: TaskID, _ order: RecordOrder) {
        guard tasks.snapshot(of: id)?.order == order, let entry = tasks[id] else { return }
        if let start = entry.pendingStart {
            tasks.update(id) { $0.pendingStart = nil }
            effects.append(.start(start))
        }
        if !entry.pendingAnswers.isEmpty {
            tasks.update(id) { $0.pendingAnswers = [] }
            for answer in entry.pendingAnswers { tell(id, answer) }
        }
    }

    /// Lets go of the ended tasks that were admitted for records that are handled now, unless these changed them.
    public mutating func letGoAdmitted() {
        for (id, order) in admitted { letGo(id, order) }
        admitted.removeAll()
    }

    /// A task that has ended need not be held here once the cache can tell of it.
    private mutating func letGo(_ id: TaskID, _ order: RecordOrder) {
        guard let snapshot = tasks.snapshot(of: id), snapshot.order == order, snapshot.state.status.isTerminal else {
            return
        }
        tasks.remove(id)
    }
}
