import TaskModel
import Testing

@testable import Simulation

@Suite struct GroupTests {
    @Test("offsets count with their transaction, and are unknown while it is open")
    func offsets() throws {
        let broker = Broker(fencing: true)
        let proof = broker.settle("a", at: 0)
        let epoch = broker.initialise("a", at: 0)
        try broker.sendOffsets([.requests: 5], of: proof, by: "a", epoch: epoch, at: 0)
        #expect(broker.positions(0) == nil && broker.positions(1) != nil)
        try broker.abort("a", epoch: epoch, at: 0)
        #expect(broker.positions(0)?[.requests] == 0)
        try broker.sendOffsets([.requests: 5], of: proof, by: "a", epoch: epoch, at: 0)
        try broker.commit("a", epoch: epoch, at: 0)
        #expect(broker.positions(0)?[.requests] == 5)
    }

    @Test("a member of an older generation is refused, in a transaction and without", arguments: [true, false])
    func oldGeneration(fencing: Bool) throws {
        let broker = Broker(fencing: fencing)
        let old = broker.settle("a", at: 0)
        _ = broker.group.join("b", at: 1)
        broker.group.rejoin("a", old.memberID, at: 2)
        broker.group.tick(3)
        #expect(broker.group.generation == old.generation + 1)
        let epoch = broker.initialise("a", at: 3)
        let current = MemberProof(memberID: old.memberID, generation: broker.group.generation)
        for (proof, isCurrent) in [(old, false), (current, true)] {
            let expected: BrokerRefusal? = fencing && !isCurrent ? .memberFenced : nil
            let inTransaction = refusal { () throws(BrokerRefusal) in
                try broker.sendOffsets([.requests: 1], of: proof, by: "a", epoch: epoch, at: 3)
            }
            let plain = refusal { () throws(BrokerRefusal) in
                try broker.commitOffsets([.requests: 1], of: proof)
            }
            #expect(inTransaction == expected && plain == expected)
        }
    }

    private func refusal(_ body: () throws(BrokerRefusal) -> Void) -> BrokerRefusal? {
        do throws(BrokerRefusal) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test("a process that comes back takes its predecessor's place, without a rebalance, and the predecessor is out")
    func staticMember() {
        let broker = Broker(fencing: true)
        let old = broker.settle("a", at: 0)
        let new = broker.group.join("a", at: 10)
        broker.group.tick(10)
        #expect(broker.group.generation == old.generation)
        #expect(!broker.group.isCurrent(old))
        #expect(broker.group.isCurrent(MemberProof(memberID: new, generation: old.generation)))
        guard case .unknownMember = broker.group.poll("a", old.memberID, at: 10) else {
            Issue.record("the predecessor is still a member")
            return
        }
    }

    @Test("a silent member loses its place when its session has run out")
    func session() {
        let broker = Broker(fencing: true)
        let proof = broker.settle("a", at: 0)
        broker.group.tick(Timing.session)
        #expect(broker.group.isCurrent(proof))
        broker.group.tick(Timing.session + 1)
        #expect(!broker.group.isCurrent(proof))
    }

    @Test("the partitions are shared out in ranges, each to one member")
    func assignment() {
        let broker = Broker(fencing: true)
        let members = ["a", "b", "c"].map { ($0, broker.group.join($0, at: 0)) }
        for (name, id) in members { broker.group.rejoin(name, id, at: 1) }
        broker.group.tick(2)
        let assigned = members.map { name, id -> [Int32] in
            guard case .stable(_, let partitions) = broker.group.poll(name, id, at: 3) else { return [] }
            return partitions
        }
        #expect(assigned == [[0], [1], [2]])
    }
}
