/// An instance over all its lives.
final class SimulatedInstance {
    let name: String
    let clock: SimulatedClock
    let disk: Disk
    private(set) var process: InstanceProcess?
    private var lives = 0
    /// True times until which something stands still.
    var pausedUntil: Int64 = 0
    var ownerStalledUntil: Int64 = 0
    var tailStalledUntil: Int64 = 0
    var silentUntil: Int64 = 0
    var restartAt: Int64 = 0

    init(name: String, clock: SimulatedClock, checksOrder: Bool) {
        self.name = name
        self.clock = clock
        disk = Disk(checksOrder: checksOrder)
    }

    func start(_ environment: Environment) {
        lives += 1
        process = InstanceProcess(environment, name: name, incarnation: lives, clock: clock, disk: disk)
        environment.note("\(name)/\(lives) starts")
    }

    /// Dies at once; with `losesDisk` the cache goes too.
    func crash(_ environment: Environment, losesDisk: Bool) {
        environment.note("\(name)/\(lives) crashes\(losesDisk ? " and loses its cache" : "")")
        process?.crash()
        process = nil
        if losesDisk { disk.fold = StatusFold(checksOrder: environment.has(.orderCheck)) }
        (pausedUntil, ownerStalledUntil, tailStalledUntil, silentUntil) = (0, 0, 0, 0)
    }

    /// Moves one of the threads on, as far as it can move.
    func step(_ environment: Environment) {
        let now = environment.now
        guard let process, now >= pausedUntil else { return }
        switch environment.random.below(100) {
        case 0..<55: if now >= ownerStalledUntil { process.ownerStep() }
        case 55..<78: if now >= tailStalledUntil { process.tailStep() }
        case 78..<88: if now >= silentUntil { process.pollStep() }
        default: process.heartbeatStep()
        }
    }

    /// Nothing stands still any more.
    func recover(_ environment: Environment) {
        (pausedUntil, ownerStalledUntil, tailStalledUntil, silentUntil) = (0, 0, 0, 0)
        if process == nil { start(environment) }
    }

    /// All threads move on until they have nothing to do, or for a while.
    func calmStep() {
        guard let process else { return }
        process.pollStep()
        for partition in 0..<Timing.partitions { process.readStatus(partition, limit: .max) }
        process.heartbeatStep()
        for _ in 0..<16 {
            process.ownerStep()
            for partition in 0..<Timing.partitions { process.readStatus(partition, limit: .max) }
            if process.isIdle { break }
        }
    }
}

extension InstanceProcess {
    /// Whether the owner's thread has nothing to do.
    var isIdle: Bool {
        guard case .idle = activity else { return false }
        return mailbox.isEmpty && batch.isEmpty && offsetsUnderWay.isEmpty
    }
}
