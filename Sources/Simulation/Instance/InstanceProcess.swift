internal import TaskEngine
internal import TaskModel

/// One life of an instance: the owner's thread, the polling thread, the tail and the runner of the service, each moved on
/// by steps that the world chooses.
final class InstanceProcess {
    enum Activity {
        case idle
        /// Waits until the tail has passed the end of the log as it was.
        case settling(Decoded, ends: [Int32: Int])
        case committing(Commit)
        case performing([Batch.Afterwards], startedAt: Int64)
        /// A commit failed: whatever memory holds is given up.
        case recovering
    }

    enum Event {
        case assigned([Int32], MemberProof)
        case revoked(Int)
        case folded(StatusFold.Outcome, Int32)
        case report(RunnerReport, Int32)
        case acknowledged(AttemptRef, sentAt: Int64)
    }

    typealias Decoded = [(record: InboundRecord, message: Result<InboundMessage, ContractViolation>)]

    let environment: Environment
    let name: String
    let incarnation: Int
    let clock: SimulatedClock
    let configuration: EngineConfiguration
    /// What outlives the process.
    let disk: Disk

    // The polling thread.
    var memberID: Int?
    var knownGeneration: Int?
    var revocationUntil: Int64?
    var lastRevocation = 0
    var answeredRevocation = 0
    var mustRejoin = false

    // The owner's thread.
    var activity = Activity.idle
    var mailbox: [Event] = []
    var partitions: [Int32: OwnedPartition] = [:]
    var proof = MemberProof(memberID: 0, generation: 0)
    /// The last epoch that this process claimed of each partition.
    var claimedEpochs: [Int32: Int64] = [:]
    var batch = Batch()
    var slots = SlotBook()
    var outbox: [ReportKey: (report: RunnerReport, partition: Int32, sentAt: Int64)] = [:]
    var producerEpoch: Int
    /// When the last commit began that proved the membership.
    var lastProofAt: Int64 = 0
    /// When the last commit began whose snapshots count.
    var lastWriteAt: Int64 = 0
    var offsetsUnderWay: [(offsets: [InputPlace: Int], proof: MemberProof, startedAt: Int64)] = []

    var runner = SimulatedRunner()

    init(_ environment: Environment, name: String, incarnation: Int, clock: SimulatedClock, disk: Disk) {
        self.environment = environment
        self.name = name
        self.incarnation = incarnation
        self.clock = clock
        self.disk = disk
        configuration = Timing.configuration(of: name, incarnation: incarnation, environment.options)
        producerEpoch = environment.broker.initialise(name, at: environment.now)
    }

    var broker: Broker { environment.broker }
    var local: Int64 { clock.local(environment.now) }
    var now: Timestamp { Timestamp(milliseconds: local) }

    func note(_ text: @autoclosure () -> String) {
        environment.note("\(name)/\(incarnation) \(text())")
    }

    /// One step of the owner's thread.
    func ownerStep() {
        switch activity {
        case .idle: idleStep()
        case .settling(let decoded, let ends):
            guard disk.fold.hasPassed(ends) else { return }
            activity = .idle
            handle(decoded)
        case .committing(let commit): commitStep(commit)
        case .performing(let steps, let startedAt): performStep(steps, startedAt)
        case .recovering: recover()
        }
    }

    private func idleStep() {
        for _ in 0..<(1 + environment.random.below(3)) {
            guard !mailbox.isEmpty, case .idle = activity else { break }
            takeEvent()
        }
        guard case .idle = activity else { return }
        sendOffsets()
        guard case .idle = activity else { return }
        claimAssigned()
        if environment.random.chance(70) { readInputs() }
        guard case .idle = activity else { return }
        tick()
        dispatch()
        resendReports()
        if !environment.hasFaults || environment.random.chance(70) || batch.count > 8 { commitIfNeeded() }
    }

    private func takeEvent() {
        guard let event = mailbox.first else { return }
        if case .revoked = event, !batch.isEmpty {
            beginCommit()
            return
        }
        mailbox.removeFirst()
        switch event {
        case .assigned(let assigned, let proof): take(assigned, proof)
        case .revoked(let number):
            giveUpAll()
            answeredRevocation = number
        case .folded(let outcome, let partition): take(outcome, partition)
        case .report(let report, let partition): take(report, partition)
        case .acknowledged(let ref, let sentAt):
            runner.renew([ref], until: sentAt + Int64(configuration.leaseSeconds) * 1000)
        }
    }

    private func tick() {
        for id in partitions.keys.sorted() {
            guard let deadline = partitions[id]?.engine?.nextDeadline, deadline <= now else { continue }
            add(partitions[id]?.handle(.tick, now: now) ?? [], id)
            guard partitions[id]?.engine?.hasDueLeases(now: now) == true else { continue }
            let end = broker.log.end(LogPlace(topic: .reports, partition: id))
            guard partitions[id]?.positions[.reports] ?? 0 >= end else { continue }
            add(partitions[id]?.handle(.reportsRead(upTo: now), now: now) ?? [], id)
        }
    }

    private func dispatch() {
        while slots.free(at: now, configuration) > 0 {
            let heads = partitions.keys.sorted().compactMap { id in
                partitions[id]?.engine?.headRank.map { (rank: $0, id: id) }
            }
            guard let best = heads.min(by: { ($0.rank, $0.id) < ($1.rank, $1.id) }) else { return }
            add(partitions[best.id]?.handle(.slots(1), now: now) ?? [], best.id)
        }
    }

    func add(_ effects: [Effect], _ partition: Int32) {
        for case .publish(let snapshot) in effects { slots.observe(snapshot, configuration) }
        batch.add(effects, of: partition)
    }
}

/// A report that must arrive: the end of an attempt, or what it did on an approval.
struct ReportKey: Hashable {
    let ref: AttemptRef
    let approval: String?

    init?(_ report: RunnerReport) {
        guard report.kind == .finished || report.kind == .acted else { return nil }
        ref = report.ref
        approval = report.act?.confirmationID
    }
}

/// What an instance keeps when its process dies: the cache.
final class Disk {
    var fold: StatusFold

    init(checksOrder: Bool) {
        fold = StatusFold(checksOrder: checksOrder)
    }
}
