internal import TaskEngine
internal import TaskModel

/// The instances, what goes wrong among them, and the order in which all that happens.
final class World {
    static let instances = 3

    let environment: Environment
    private(set) var instances: [SimulatedInstance] = []
    private var actors: Actors
    private var inputsLeft: Int

    init(_ options: SimulationOptions) {
        environment = Environment(options)
        actors = Actors(environment)
        inputsLeft = options.inputs
        for number in 1...Self.instances {
            let clock = SimulatedClock(
                offset: environment.random.within(Timing.offsets), rate: environment.random.within(Timing.rates))
            let instance = SimulatedInstance(
                name: "i\(number)", clock: clock, checksOrder: environment.has(.orderCheck))
            instance.start(environment)
            instances.append(instance)
        }
    }

    /// Anything that can happen, once.
    func step() {
        advance(
            by: environment.random.chance(1) ? environment.random.within(0...800) : environment.random.within(0...30))
        // Attempts ask long after the last request has come: somebody must be there to decide.
        if environment.options.gated > 0, environment.random.chance(6) { actors.decideSomething() }
        let weather = environment.options.weather
        let accidents = 8..<8 + weather.accidents
        switch environment.random.below(100) {
        case 0..<8 where inputsLeft > 0:
            inputsLeft -= 1
            actors.act()
        case accidents: goWrong()
        case accidents.upperBound..<accidents.upperBound + weather.arrivals: land()
        default: environment.random.pick(instances)?.step(environment)
        }
        restartDue()
        environment.checks.advance(environment.broker)
    }

    /// Everything moves on, and nothing goes wrong.
    func calmStep() {
        advance(by: 120)
        if environment.options.gated > 0, environment.random.chance(20) { actors.decideSomething() }
        while !environment.broker.inFlight.isEmpty { land() }
        for instance in instances { instance.calmStep() }
        environment.checks.advance(environment.broker)
    }

    func calmDown() {
        environment.hasFaults = false
        environment.note("no more faults")
        for instance in instances { instance.recover(environment) }
    }

    private func advance(by milliseconds: Int64) {
        let target = environment.now + milliseconds
        while true {
            let events = instances.compactMap { instance in
                instance.process?.runner.nextEvent(instance.clock)
            }
            guard let next = events.min(), next <= target else { break }
            environment.now = max(environment.now, next)
            for instance in instances { instance.process?.advanceRunner() }
        }
        environment.now = target
        environment.broker.tick(target)
    }

    private func restartDue() {
        for instance in instances where instance.process == nil && environment.now >= instance.restartAt {
            instance.start(environment)
        }
    }

    private func land() {
        guard !environment.broker.inFlight.isEmpty else { return }
        let record = environment.broker.inFlight.remove(
            at: environment.random.below(environment.broker.inFlight.count))
        environment.note("a late record of \(record.writer) arrives: \(record.payload.summary)")
        environment.broker.append(record.payload, to: record.place, by: record.writer, at: environment.now)
    }

    private func goWrong() {
        guard let instance = environment.random.pick(instances), instance.process != nil else { return }
        let until = environment.now + environment.random.within(Timing.fault)
        switch environment.random.below(100) {
        case 0..<25:
            instance.crash(environment, losesDisk: environment.random.chance(25))
            instance.restartAt = until
        case 25..<45:
            environment.note("\(instance.name) stands still")
            instance.pausedUntil = until
        case 45..<65:
            environment.note("the owner of \(instance.name) stands still")
            instance.ownerStalledUntil = until
        case 65..<82:
            environment.note("the tail of \(instance.name) stands still")
            instance.tailStalledUntil = until
        default:
            environment.note("the group does not hear \(instance.name)")
            instance.silentUntil = until
        }
    }
}
