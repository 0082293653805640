import Foundation
import Kafka
import Synchronization

/// What the host does with clients.
enum ClientModes {
    private final class Nothing: GroupConsumerDelegate {
        func consumer(_ consumer: GroupConsumer, received records: [KafkaRecord]) {}
        func consumer(_ consumer: GroupConsumer, assigned partitions: [TopicPartition]) {}
        func consumer(_ consumer: GroupConsumer, revoked partitions: [TopicPartition], isLost: Bool) {}
        func consumerPolled(_ consumer: GroupConsumer) {}
    }

    private final class Failures: Sendable {
        let count = Atomic(0)
    }

    /// Makes a broker and clients of all kinds, lets them talk, and drops them: closed or not, in changing order.
    static func churn(_ count: Int) throws {
        let lanes = 8
        _ = inLanes(lanes) { try once($0) }
        let before = Holdings.settled()
        // They mostly wait for each other, so several at once.
        let failures = inLanes(lanes) { lane in
            for index in stride(from: lane + 1, through: count, by: lanes) { try once(index) }
        }
        guard failures == 0 else { throw TestHost.Failed() }
        Holdings.settle(to: before).printGrowth(since: before)
    }

    /// Does `body` on threads of their own; how many failed.
    private static func inLanes(_ lanes: Int, _ body: @escaping @Sendable (Int) throws -> Void) -> Int {
        let ended = DispatchSemaphore(value: 0)
        let counted = Failures()
        for lane in 0..<lanes {
            Thread {
                do { try body(lane) } catch { counted.count.wrappingAdd(1, ordering: .relaxed) }
                ended.signal()
            }.start()
        }
        for _ in 0..<lanes { ended.wait() }
        return counted.count.load(ordering: .relaxed)
    }

    private static func once(_ index: Int) throws {
        var broker: EmbeddedBroker? = try EmbeddedBroker(
            topics: ["t": 2], listen: index % 2 == 0 ? nil : (host: "127.0.0.1", port: 0), logger: TestHost.logger)
        let settings = KafkaSettings(bootstrapServers: broker?.bootstrap ?? "")
        var producer: Producer? = try Producer(settings, logger: TestHost.logger)
        var admin: Admin? = try Admin(settings, logger: TestHost.logger)
        var consumer: GroupConsumer? = try GroupConsumer(
            settings, groupID: "g", instanceID: nil, topics: ["t"], delegate: Nothing(), logger: TestHost.logger)
        let arrived = DispatchSemaphore(value: 0)
        var reader: TopicReader? = try TopicReader(
            settings, start: [TopicPartition(topic: "t", partition: 0): .beginning], logger: TestHost.logger
        ) { event in
            if case .records = event { arrived.signal() }
        }
        try producer?.sendAndWait(
            [OutgoingRecord(topic: "t", partition: 0, key: nil, value: [1])], seconds: 10)
        arrived.wait()
        _ = try admin?.metadata(seconds: 10)
        // A record that nobody waits for any more.
        try producer?.send(OutgoingRecord(topic: "t", partition: 1, key: nil, value: [2])) { _ in }
        if index % 3 == 0 {
            reader?.close()
            producer?.close()
        }
        if index % 3 != 1 { consumer?.close() }
        switch index % 4 {
        case 0: broker = nil
        case 1: producer = nil
        case 2: consumer = nil
        default: reader = nil
        }
        admin = nil
        reader = nil
        consumer = nil
        producer = nil
        broker = nil
    }
}

extension Holdings {
    /// What is held once it has not changed for a while.
    static func settled() -> Holdings {
        var last = Holdings()
        var same = 0
        while same < 25 {
            poll(nil, 0, 20)
            let now = Holdings()
            same = now.threads == last.threads && now.descriptors == last.descriptors ? same + 1 : 0
            last = now
        }
        return last
    }
}
