import Testing

@testable import Simulation

@Suite struct TransactionTests {
    @Test("what is in an open transaction is invisible, and seen at once when it commits")
    func commit() throws {
        let broker = Broker(fencing: true)
        let epoch = broker.initialise("a", at: 0)
        try broker.produce(.test("1"), to: .status, by: "a", epoch: epoch, at: 0)
        try broker.produce(.test("2"), to: .letters, by: "a", epoch: epoch, at: 0)
        #expect(broker.visible().isEmpty && broker.visible(.letters).isEmpty && broker.durable.isEmpty)
        try broker.commit("a", epoch: epoch, at: 1)
        #expect(broker.visible() == ["1"] && broker.visible(.letters) == ["2"])
        #expect(broker.durable.count == 2)
    }

    @Test("what was aborted is never seen")
    func abort() throws {
        let broker = Broker(fencing: true)
        let epoch = broker.initialise("a", at: 0)
        try broker.produce(.test("1"), to: .status, by: "a", epoch: epoch, at: 0)
        try broker.abort("a", epoch: epoch, at: 1)
        try broker.produce(.test("2"), to: .status, by: "a", epoch: epoch, at: 2)
        try broker.commit("a", epoch: epoch, at: 3)
        #expect(broker.visible() == ["2"] && broker.durable.count == 1)
    }

    @Test("a reader stops before the oldest open transaction, also at records that are committed")
    func lastStable() throws {
        let broker = Broker(fencing: true)
        broker.append(.test("1"), to: .status, by: "x", at: 0)
        let epochs = ["a": broker.initialise("a", at: 0), "b": broker.initialise("b", at: 0)]
        for name in ["a", "b"] {
            try broker.produce(.test(name), to: .status, by: name, epoch: epochs[name] ?? 0, at: 0)
        }
        broker.append(.test("2"), to: .status, by: "x", at: 0)
        try broker.commit("b", epoch: epochs["b"] ?? 0, at: 1)
        #expect(broker.log.lastStable(.status) == 1 && broker.visible() == ["1"])
        try broker.abort("a", epoch: epochs["a"] ?? 0, at: 1)
        #expect(broker.visible() == ["1", "b", "2"])
        #expect(broker.log.lastStable(.status) == broker.log.end(.status))
    }

    @Test("markers take offsets of their own, which readers pass")
    func markers() throws {
        let broker = Broker(fencing: true)
        let epoch = broker.initialise("a", at: 0)
        try broker.produce(.test("1"), to: .status, by: "a", epoch: epoch, at: 0)
        try broker.commit("a", epoch: epoch, at: 0)
        broker.append(.test("2"), to: .status, by: "x", at: 0)
        #expect(broker.log.end(.status) == 3)
        let read = broker.log.read(.status, from: 1, limit: .max)
        #expect(read.records.map(\.offset) == [2] && read.next == 3)
    }

    @Test("a new producer of the same name aborts what the old one left open, and fences it")
    func fencedProducer() throws {
        let broker = Broker(fencing: true)
        let old = broker.initialise("a", at: 0)
        try broker.produce(.test("1"), to: .status, by: "a", epoch: old, at: 0)
        let new = broker.initialise("a", at: 1)
        #expect(new > old && broker.log.lastStable(.status) == broker.log.end(.status))
        #expect(throws: BrokerRefusal.producerFenced) {
            try broker.produce(.test("2"), to: .status, by: "a", epoch: old, at: 2)
        }
        #expect(throws: BrokerRefusal.producerFenced) { try broker.commit("a", epoch: old, at: 2) }
        try broker.commit("a", epoch: new, at: 2)
        #expect(broker.visible().isEmpty)
    }

    @Test("a transaction that stays open too long is aborted, and its producer fenced")
    func timeout() throws {
        let broker = Broker(fencing: true)
        let epoch = broker.initialise("a", at: 0)
        try broker.produce(.test("1"), to: .status, by: "a", epoch: epoch, at: 0)
        broker.tick(Timing.transaction)
        #expect(broker.log.lastStable(.status) == 0)
        broker.tick(Timing.transaction + 1)
        #expect(broker.log.lastStable(.status) == broker.log.end(.status))
        #expect(throws: BrokerRefusal.producerFenced) { try broker.commit("a", epoch: epoch, at: 9000) }
    }
}
