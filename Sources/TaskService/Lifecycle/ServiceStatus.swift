internal import Foundation
internal import Synchronization
public import TaskModel
internal import TaskEngine
internal import TaskRunner

/// What the service's loops say of themselves, for health checks and metrics. Cheap to write, read at any time.
public final class ServiceStatus: Sendable {
    /// The state at one moment.
    public struct Snapshot: Sendable {
        /// Uptime of the last turn of the owner's loop.
        public var ownerBeat = 0.0
        /// Uptime of the last poll of the consumer group.
        public var pollBeat = 0.0
        public var activePartitions: [Int32] = []
        public var claimingPartitions: [Int32] = []
        public var isDraining = false
        /// Whether the group has assigned partitions (or none) since the start.
        public var hasJoined = false
        /// What the last commit failed with, until one succeeds.
        public var brokerProblem: String?
        /// Why no broker could be reached at the last look, until one can.
        public var unreachable: String?
        /// Why the tail cannot write the cache, until it can.
        public var cacheProblem: String?
        /// Whether the tail has reached the end of the status topic since the start.
        public var isCaughtUp = false
        /// Records of the owned input partitions that have been written and not been taken in.
        public var inputLag: Int64 = 0
        public var queueDepth: [TaskPriority: Int] = [:]
        public var running = 0
        public var waiting = 0
        public var oldestUnfinished: Timestamp?
        public var commits = 0
        public var failedCommits = 0
        public var commitSeconds = 0.0
        public var deadLetters: [String: Int] = [:]
        public var attempts: [String: Int] = [:]
        /// What ended attempts have used, by agent.
        public var agentUsage: [String: TokenUsage] = [:]
        public var rebalances = 0
        public var duplicates = 0
        public var staleRecords = 0
        public var unreadableRecords = 0
        public var accepted = 0
        public var topicProblems: [String] = []
    }

    /// Agents that are counted one by one: names come with requests. The rest is `-`.
    private static let agentLimit = 50

    private let state = Mutex(Snapshot())
    private let lastUpdate = Mutex(0.0)

    public init() {}

    public var snapshot: Snapshot { state.withLock { $0 } }

    func change(_ change: (inout Snapshot) -> Void) {
        state.withLock { change(&$0) }
    }

    func beat() {
        let now = Uptime.now
        state.withLock { $0.ownerBeat = now }
    }

    func rebalanced() {
        state.withLock { $0.rebalances += 1 }
    }

    func sawStale() {
        state.withLock { $0.staleRecords += 1 }
    }

    func sawUnreadable(_ count: Int) {
        state.withLock { $0.unreadableRecords += count }
    }

    func committed(_ batch: CommitBatch, seconds: Double, succeeded: Bool) {
        state.withLock { state in
            state.commitSeconds += seconds
            guard succeeded else {
                state.failedCommits += 1
                return
            }
            state.commits += 1
            state.brokerProblem = nil
            for reason in batch.deadLetters { state.deadLetters[reason.rawValue, default: 0] += 1 }
            for finished in batch.finished {
                let isNamed = state.agentUsage[finished.agent] != nil || state.agentUsage.count < Self.agentLimit
                let agent = isNamed ? finished.agent : "-"
                state.agentUsage[agent] = (state.agentUsage[agent] ?? TokenUsage()) + finished.usage
            }
            for note in batch.notes {
                switch note {
                case .accepted: state.accepted += 1
                case .duplicate: state.duplicates += 1
                case .finished(_, let outcome): state.attempts[outcome.rawValue, default: 0] += 1
                case .repeated, .staleReport, .lost, .sandboxUnavailable, .gateHit, .unanswerable: break
                }
            }
        }
    }

    /// Counts what the engines hold; at most once a second, for it looks at every task.
    func update(
        partitions: [Int32: OwnedPartition], isDraining: Bool, inputLag: () -> Int64
    ) {
        let now = Uptime.now
        let isDue = lastUpdate.withLock { last in
            guard now - last >= 1 else { return false }
            last = now
            return true
        }
        guard isDue else { return }
        var depth: [TaskPriority: Int] = [:]
        var running = 0
        var waiting = 0
        var oldest: Timestamp?
        for engine in partitions.values.compactMap(\.engine) {
            engine.forEachTask { snapshot in
                switch snapshot.state.status {
                case .pending: depth[snapshot.spec.priority, default: 0] += 1
                case .running: running += 1
                case .waitingConfirmation: waiting += 1
                case .completed, .failed, .cancelled: return
                }
                oldest = oldest.map { min($0, snapshot.state.createdAt) } ?? snapshot.state.createdAt
            }
        }
        let lag = inputLag()
        state.withLock { [depth, running, waiting, oldest] in
            $0.inputLag = lag
            $0.activePartitions = partitions.filter(\.value.isActive).keys.sorted()
            $0.claimingPartitions = partitions.filter { !$0.value.isActive }.keys.sorted()
            $0.isDraining = isDraining
            $0.queueDepth = depth
            $0.running = running
            $0.waiting = waiting
            $0.oldestUnfinished = oldest
        }
    }
}
