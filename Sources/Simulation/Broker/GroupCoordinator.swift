/// The consumer group: static members, generations, eager rebalances with the range assignor.
struct GroupCoordinator {
    struct Member {
        let id: Int
        var lastSeen: Int64
        /// Whether it has joined the rebalance that is under way.
        var hasJoined: Bool
    }

    private(set) var generation = 0
    /// By instance, as static members are known.
    private var members: [String: Member] = [:]
    private var assignment: [String: [Int32]] = [:]
    /// The end of the rebalance that is under way.
    private var rebalanceUntil: Int64?
    private var lastMember = 0

    enum Answer {
        case stable(generation: Int, partitions: [Int32])
        case rebalancing(hasJoined: Bool)
        case unknownMember
    }

    /// A process joins for the first time. One that comes back soon takes its predecessor's place, without a rebalance.
    mutating func join(_ instance: String, at now: Int64) -> Int {
        lastMember += 1
        if members[instance] == nil { rebalance(at: now) }
        members[instance] = Member(id: lastMember, lastSeen: now, hasJoined: true)
        return lastMember
    }

    /// A member joins again: for a rebalance, or because it gave everything up.
    mutating func rejoin(_ instance: String, _ memberID: Int, at now: Int64) {
        guard members[instance]?.id == memberID else { return }
        rebalance(at: now)
        members[instance]?.hasJoined = true
        members[instance]?.lastSeen = now
    }

    /// A heartbeat, and what the member must know.
    mutating func poll(_ instance: String, _ memberID: Int, at now: Int64) -> Answer {
        guard let member = members[instance], member.id == memberID else { return .unknownMember }
        members[instance]?.lastSeen = now
        if rebalanceUntil != nil { return .rebalancing(hasJoined: member.hasJoined) }
        return .stable(generation: generation, partitions: assignment[instance] ?? [])
    }

    func isCurrent(_ proof: MemberProof) -> Bool {
        proof.generation == generation && members.values.contains { $0.id == proof.memberID }
    }

    mutating func tick(_ now: Int64) {
        let silent = members.filter { now - $0.value.lastSeen > Timing.session }.keys.sorted()
        for instance in silent { members[instance] = nil }
        if !silent.isEmpty { rebalance(at: now) }
        guard let until = rebalanceUntil, now >= until || members.values.allSatisfy(\.hasJoined) else { return }
        members = members.filter(\.value.hasJoined)
        rebalanceUntil = nil
        generation += 1
        assign()
    }

    private mutating func rebalance(at now: Int64) {
        guard rebalanceUntil == nil else { return }
        rebalanceUntil = now + Timing.rebalance
        for instance in members.keys.sorted() { members[instance]?.hasJoined = false }
    }

    private mutating func assign() {
        assignment = [:]
        let names = members.keys.sorted()
        guard !names.isEmpty else { return }
        for partition in 0..<Int(Timing.partitions) {
            let name = names[partition * names.count / Int(Timing.partitions)]
            assignment[name, default: []].append(Int32(partition))
        }
    }
}
