import CommandPolicy
import Gates
import TaskEngine
import TaskModel
import Testing

/// An engine with a clock and a log: hands inputs over and keeps what was published, as the shell does.
struct EngineDriver {
    private(set) var engine: PartitionEngine
    private(set) var now: Timestamp
    /// The latest snapshot of every task, ended ones too.
    private(set) var log: [TaskID: TaskSnapshot] = [:]
    private var nextOffset: Int64 = 0

    init(
        partition: Int32 = 0, epoch: Int64 = 1, _ configuration: EngineConfiguration = .test(),
        now: Timestamp = .start, change: (inout EngineConfiguration) -> Void = { _ in }
    ) {
        var configuration = configuration
        change(&configuration)
        engine = PartitionEngine(partition: partition, epoch: epoch, configuration: configuration)
        self.now = now
    }

    @discardableResult
    mutating func handle(_ input: Input) -> Effects {
        keep(engine.handle(input, now: now))
    }

    private mutating func keep(_ effects: [Effect]) -> Effects {
        let effects = Effects(effects)
        for snapshot in effects.published { log[snapshot.id] = snapshot }
        return effects
    }

    /// A new record of this partition.
    mutating func newRecord(_ channel: InboundRecord.Channel) -> InboundRecord {
        nextOffset += 1
        return record(channel, partition: engine.partition, offset: nextOffset - 1)
    }

    // MARK: Inputs

    @discardableResult
    mutating func submit(_ request: TaskRequest, _ whereabouts: Whereabouts = .here) -> Effects {
        handle(.record(newRecord(.requests), .success(.request(request)), whereabouts))
    }

    @discardableResult
    mutating func act(
        _ verb: TaskVerb, _ id: TaskID, actor: String? = "bob", _ whereabouts: Whereabouts = .here
    ) -> Effects {
        let action = TaskAction(taskID: id, verb: verb, reason: "because", actor: actor)
        return handle(.record(newRecord(.requests), .success(.action(action)), whereabouts))
    }

    /// A decision on the confirmation that the task waits for, or on the one of that id.
    @discardableResult
    mutating func decide(
        _ verdict: Verdict, _ id: TaskID, by actor: String = "bob", reason: String? = nil,
        on confirmation: String? = nil
    ) -> Effects {
        let named = confirmation ?? log[id]?.state.confirmation?.id ?? "none"
        let decision = ConfirmationDecision(
            confirmationID: named, taskID: id, verdict: verdict, actor: actor, reason: reason)
        return handle(.record(newRecord(.confirmations), .success(.decision(decision)), .here))
    }

    @discardableResult
    mutating func slots(_ count: Int = 1) -> Effects { handle(.slots(count)) }

    /// The running attempt ends.
    @discardableResult
    mutating func finish(
        _ id: TaskID, _ outcome: AttemptOutcome = .completed, _ result: AttemptResult = AttemptResult()
    ) throws -> Effects {
        let snapshot = try #require(log[id])
        return handle(.report(.about(snapshot, outcome: outcome, result: result, at: now)))
    }

    @discardableResult
    mutating func heartbeat(_ id: TaskID, _ percent: Int = 0, _ phase: String? = "starting") throws -> Effects {
        let snapshot = try #require(log[id])
        return handle(
            .report(.about(snapshot, .heartbeat, progress: TaskProgress(percent: percent, phase: phase), at: now)))
    }

    /// Time passes, and the engine is told.
    @discardableResult
    mutating func wait(seconds: Int64 = 0, milliseconds: Int64 = 0) -> Effects {
        pass(seconds: seconds, milliseconds: milliseconds)
        return handle(.tick)
    }

    /// Time passes, and the engine is not told yet.
    mutating func pass(seconds: Int64 = 0, milliseconds: Int64 = 0) {
        now = now.adding(seconds: seconds).adding(milliseconds: milliseconds)
    }

    /// The latest snapshot of a task comes back through the tail, and is folded.
    @discardableResult
    mutating func echo(_ id: TaskID) throws -> Effects {
        let order = try #require(log[id]).order
        let effects = handle(.echo(id, order))
        handle(.folded(id, order))
        return effects
    }

    // MARK: Owners

    /// A task as a former owner left it.
    mutating func assume(_ snapshot: TaskSnapshot) { log[snapshot.id] = snapshot }

    /// The owner dies, and another takes over: the next epoch, with what the log holds.
    @discardableResult
    mutating func takeOver(
        runner: String? = nil, incarnation: String? = nil, running: Set<AttemptRef> = [],
        ended: Set<AttemptRef> = [], policy: CommandPolicy? = nil, gates: GateCatalog? = nil
    ) -> Effects {
        var configuration = engine.configuration
        configuration.runner = runner ?? configuration.runner
        configuration.incarnation = incarnation ?? configuration.incarnation
        configuration.policy = policy ?? configuration.policy
        configuration.gates = gates ?? configuration.gates
        engine = PartitionEngine(partition: engine.partition, epoch: engine.epoch + 1, configuration: configuration)
        return keep(engine.restore(active, running: running, ended: ended, now: now))
    }

    /// A task that has ended comes back from the cache.
    mutating func admit(_ id: TaskID) throws {
        engine.admit(try #require(log[id]), now: now)
    }

    /// What a new owner would find.
    var active: [TaskSnapshot] { log.values.filter { !$0.state.status.isTerminal } }

    // MARK: Looking

    func state(_ id: TaskID) throws -> TaskState { try #require(engine.snapshot(of: id)).state }
    func status(_ id: TaskID) -> TaskStatus? { engine.snapshot(of: id)?.state.status }
}
