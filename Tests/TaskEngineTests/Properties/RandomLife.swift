import TaskEngine
import TaskModel
import TestKit

/// One partition's life by chance: inputs of every kind in any order, a runner that carries orders out, owners that die.
struct RandomLife {
    private(set) var driver: EngineDriver
    private(set) var laws = Laws()
    private var random: SeededGenerator
    private let afterEcho: Bool
    private var lives = 1
    private var count = 0
    /// Attempts that run, by the snapshot that started them.
    private var running: [AttemptRef: TaskSnapshot] = [:]
    private var echoes: [TaskSnapshot] = []
    private var past: [Input] = []

    init(seed: UInt64, afterEcho: Bool) {
        random = SeededGenerator(seed: seed)
        self.afterEcho = afterEcho
        driver = EngineDriver {
            $0.startsAfterEcho = afterEcho
            $0.progressIntervalMilliseconds = 500
            $0.defaultMaxRetries = 1
        }
    }

    private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

    mutating func step() {
        switch below(100) {
        case 0..<14: submit()
        case 14..<26: act()
        case 26..<38: decide()
        case 38..<52: report()
        case 52..<64: echo()
        case 64..<80: take(.slots(below(4)))
        case 80..<84: repeatInput()
        case 84..<87: if let id = anyTask() { take(.zombie(id)) }
        case 87..<89: takeOver()
        default: pass(milliseconds: Int64(below(20_000)))
        }
    }

    // MARK: Inputs

    private mutating func take(_ input: Input) {
        if case .record = input { past.append(input) }
        digest(driver.handle(input))
    }

    private mutating func digest(_ effects: Effects) {
        laws.check(effects)
        echoes += effects.published
        for order in effects.orders { running[order.ref] = laws.latest[order.ref.taskID] }
        for ref in effects.stopped where below(2) == 0 { end(ref, .cancelled) }
    }

    private mutating func pass(milliseconds: Int64) {
        driver.pass(milliseconds: milliseconds)
        take(.tick)
        if below(2) == 0 { take(.reportsRead(upTo: driver.now)) }
    }

    /// A task, one of the latest more often than not.
    private mutating func anyTask() -> TaskID? {
        (below(3) == 0 ? laws.ids[...] : laws.ids.suffix(10)).randomElement(using: &random)
    }

    /// The shell brings a task that has ended from the cache before a record about it is handled.
    private mutating func record(_ message: InboundMessage, _ channel: InboundRecord.Channel) {
        admit(message.taskID)
        take(.record(driver.newRecord(channel), .success(message), .here))
    }

    private mutating func admit(_ id: TaskID?) {
        guard let id, laws.latest[id] != nil, !driver.engine.holds(id) else { return }
        try? driver.admit(id)
    }

    private mutating func submit() {
        count += 1
        let id = below(8) == 0 ? anyTask() : below(8) == 0 ? nil : TaskID("t\(count)")
        let delay = Int64(below(60)) - 30
        record(
            .request(
                request(
                    id, priority: TaskPriority.allCases.randomElement(using: &random) ?? .low,
                    scheduledAt: below(5) == 0 ? driver.now.adding(seconds: delay) : nil,
                    by: below(2) == 0 ? "alice" : nil, policy: below(4) == 0 ? .manual : nil,
                    retries: [nil, 0, 2].randomElement(using: &random) ?? nil,
                    key: below(2) == 0 ? "k\(below(3))" : nil)),
            .requests)
    }

    private mutating func act() {
        guard let id = anyTask(), let verb = TaskVerb.allCases.randomElement(using: &random) else { return }
        record(.action(TaskAction(taskID: id, verb: verb, actor: ["alice", "bob"][below(2)])), .requests)
    }

    private mutating func decide() {
        let waiting = laws.ids.filter { laws.latest[$0]?.state.confirmation != nil }
        guard let id = waiting.randomElement(using: &random) ?? anyTask() else { return }
        let pending = laws.latest[id]?.state.confirmation?.id
        record(
            .decision(
                ConfirmationDecision(
                    confirmationID: below(5) > 0 ? pending ?? "\(id)/2" : "\(id)/\(below(9))", taskID: id,
                    verdict: below(3) == 0 ? .reject : .approve, actor: ["alice", "bob", "carol"][below(3)])),
            .confirmations)
    }

    /// An input is read again, as after a crash under `at_least_once`.
    private mutating func repeatInput() {
        guard let input = past.suffix(20).randomElement(using: &random) else { return }
        if case .record(let record, .success(let message), _) = input {
            admit(message.taskID ?? driver.engine.derivedID(of: record))
        }
        let before = laws.published
        take(input)
        if case .record(_, .success(.request), _) = input {
            laws.require(laws.published == before, "a request counts twice")
        }
    }

    // MARK: The runner and the tail

    private mutating func end(_ ref: AttemptRef, _ outcome: AttemptOutcome) {
        guard let snapshot = running.removeValue(forKey: ref) else { return }
        take(.report(.about(snapshot, outcome: outcome, at: driver.now)))
    }

    private mutating func report() {
        let refs = running.keys.sorted { ($0.taskID, $0.attempt) < ($1.taskID, $1.attempt) }
        guard let ref = refs.randomElement(using: &random), let snapshot = running[ref] else { return }
        if below(3) == 0 {
            let progress = TaskProgress(percent: below(101), phase: "working")
            take(.report(.about(snapshot, .heartbeat, progress: progress, at: driver.now)))
        } else {
            end(ref, AttemptOutcome.allCases.randomElement(using: &random) ?? .failed)
        }
    }

    private mutating func echo() {
        guard !echoes.isEmpty else { return }
        let snapshot = echoes.removeFirst()
        take(.echo(snapshot.id, snapshot.order))
        take(.folded(snapshot.id, snapshot.order))
    }

    // MARK: Owners

    /// The owner dies: with its process, or it only loses the partition to another instance.
    private mutating func takeOver() {
        laws.compare(driver.engine)
        lives += 1
        let effects: Effects
        if below(2) == 0 {
            running = [:]
            effects = driver.takeOver(incarnation: "\(lives)")
        } else if below(2) == 0 {
            effects = driver.takeOver(running: Set(running.keys))
        } else {
            effects = driver.takeOver(runner: "r\(lives)", incarnation: "\(lives)")
        }
        digest(effects)
        laws.compare(driver.engine)
    }

    /// Everything that still can happen, happens: no new inputs, slots for all, every attempt completes.
    mutating func settle() {
        for _ in 0..<200 {
            while !echoes.isEmpty { echo() }
            take(.slots(100))
            while !echoes.isEmpty { echo() }
            for ref in running.keys.sorted(by: { $0.taskID < $1.taskID }) { end(ref, .completed) }
            driver.pass(seconds: 60)
            take(.tick)
            take(.reportsRead(upTo: driver.now))
        }
        laws.compare(driver.engine)
        let open = laws.latest.values.filter { !$0.state.status.isTerminal }
        laws.require(open.isEmpty, "\(open.map { "\($0.id) \($0.state.status)" }) never end")
    }
}
