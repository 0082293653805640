internal import Kafka
internal import Logging
internal import Synchronization
internal import TaskModel
internal import TaskRunner

/// The instance's membership in the consumer group, between the polling thread and the owner's.
///
/// requests, confirmations and reports are assigned together: a partition counts as assigned when all three are.
final class GroupMember: InputGroup, GroupConsumerDelegate {
    private struct State {
        var assigned: Set<TopicPartition> = []
        var active: Set<Int32> = []
        /// Records that the owner has not taken in yet.
        var backlog = 0
        var isHeldBack = false
    }

    private let layout: TopicLayout
    private let mailbox: Mailbox<OwnerEvent>
    private let status: ServiceStatus
    private let logger: Logger
    private let state = Mutex(State())
    private let consumerCell = Mutex<GroupConsumer?>(nil)

    /// Reading is held back above so many records and goes on below a quarter of it: bounds memory, not speed.
    private static let backlogLimit = 20_000
    /// Longest that the polling thread waits for the owner to give partitions up, in seconds. Less than the session
    /// time-out, so that the member is not thrown out meanwhile.
    private static let revocationSeconds = 8.0
    private static let querySeconds = 5.0

    init(layout: TopicLayout, mailbox: Mailbox<OwnerEvent>, status: ServiceStatus, logger: Logger) {
        self.layout = layout
        self.mailbox = mailbox
        self.status = status
        self.logger = logger
    }

    /// Joins the group.
    func join(_ configuration: ServiceConfiguration, fetchWaitMs: Int) throws {
        let consumer = try GroupConsumer(
            configuration.kafka, groupID: configuration.groupID,
            instanceID: configuration.usesStaticMembership ? configuration.instance : nil,
            topics: InboundRecord.Channel.allCases.map(topic), fetchWaitMs: fetchWaitMs, delegate: self,
            logger: logger)
        consumerCell.withLock { $0 = consumer }
    }

    var consumer: GroupConsumer? { consumerCell.withLock { $0 } }

    func topic(_ channel: InboundRecord.Channel) -> String {
        switch channel {
        case .requests: layout.requests
        case .confirmations: layout.confirmations
        case .reports: layout.reports
        }
    }

    private func channel(_ topic: String) -> InboundRecord.Channel? {
        InboundRecord.Channel.allCases.first { self.topic($0) == topic }
    }

    // MARK: Polling thread

    func consumer(_ consumer: GroupConsumer, received records: [KafkaRecord]) {
        let inbound = records.compactMap { record in
            channel(record.topic).map { InboundRecord(record, channel: $0) }
        }
        let mustHold = state.withLock { state -> [TopicPartition]? in
            state.backlog += inbound.count
            guard state.backlog > Self.backlogLimit, !state.isHeldBack else { return nil }
            state.isHeldBack = true
            return Array(state.assigned)
        }
        if let mustHold { consumer.pause(mustHold) }
        mailbox.post(.records(inbound))
    }

    func consumer(_ consumer: GroupConsumer, assigned partitions: [TopicPartition]) {
        status.rebalanced()
        status.change { $0.hasJoined = true }
        // Nothing is read before the barrier is passed.
        consumer.pause(partitions)
        let complete = state.withLock { state -> [Int32] in
            state.assigned.formUnion(partitions)
            return Self.complete(state.assigned)
        }
        do throws(KafkaError) {
            mailbox.post(.assigned(complete, try consumer.membership()))
        } catch {
            logger.warning("the assignment cannot be used; rejoining", metadata: ["error": "\(error)"])
            consumer.rejoin()
        }
    }

    func consumer(_ consumer: GroupConsumer, revoked partitions: [TopicPartition], isLost: Bool) {
        let gone = Set(partitions.map(\.partition))
        state.withLock {
            $0.assigned.subtract(partitions)
            $0.active.subtract(gone)
        }
        let latch = Latch()
        mailbox.post(.revoked(gone.sorted(), latch))
        if !latch.wait(seconds: Self.revocationSeconds) {
            logger.warning("partitions were not given up in time; the broker refuses what comes too late")
        }
    }

    func consumerPolled(_ consumer: GroupConsumer) {
        let now = Uptime.now
        status.change { $0.pollBeat = now }
    }

    private static func complete(_ assigned: Set<TopicPartition>) -> [Int32] {
        var counts: [Int32: Int] = [:]
        for place in assigned { counts[place.partition, default: 0] += 1 }
        return counts.filter { $0.value == InboundRecord.Channel.allCases.count }.keys.sorted()
    }

    // MARK: Owner's thread

    func startPositions(_ partition: Int32) -> [InboundRecord.Channel: Int64]? {
        guard let consumer else { return nil }
        var positions: [InboundRecord.Channel: Int64] = [:]
        let places = InboundRecord.Channel.allCases.map { TopicPartition(topic: topic($0), partition: partition) }
        do throws(KafkaError) {
            let committed = try consumer.committed(places, seconds: Self.querySeconds)
            for channel in InboundRecord.Channel.allCases {
                let place = TopicPartition(topic: topic(channel), partition: partition)
                positions[channel] =
                    if let offset = committed[place] { offset } else {
                        try consumer.watermarks(place, seconds: Self.querySeconds).low
                    }
            }
        } catch {
            logger.warning("offsets cannot be read", metadata: ["partition": "\(partition)", "error": "\(error)"])
            return nil
        }
        return positions
    }

    func knownEnd(_ channel: InboundRecord.Channel, _ partition: Int32) -> Int64? {
        consumer?.knownEnd(TopicPartition(topic: topic(channel), partition: partition))
    }

    func endOffset(_ channel: InboundRecord.Channel, _ partition: Int32) -> Int64? {
        let place = TopicPartition(topic: topic(channel), partition: partition)
        return try? consumer?.watermarks(place, seconds: Self.querySeconds).high
    }

    func statusEnds() -> [Int32: Int64]? {
        guard let consumer else { return nil }
        var ends: [Int32: Int64] = [:]
        for partition in 0..<layout.partitions {
            let place = TopicPartition(topic: layout.status, partition: partition)
            guard let end = try? consumer.watermarks(place, seconds: Self.querySeconds).high else { return nil }
            ends[partition] = end
        }
        return ends
    }

    func resume(_ partition: Int32) {
        let places = InboundRecord.Channel.allCases.map { TopicPartition(topic: topic($0), partition: partition) }
        let isHeldBack = state.withLock { state in
            state.active.insert(partition)
            return state.isHeldBack
        }
        if !isHeldBack { consumer?.resume(places) }
    }

    func taken(_ count: Int) {
        let resumed = state.withLock { state -> [TopicPartition]? in
            state.backlog -= count
            guard state.isHeldBack, state.backlog < Self.backlogLimit / 4 else { return nil }
            state.isHeldBack = false
            return state.assigned.filter { state.active.contains($0.partition) }
        }
        if let resumed { consumer?.resume(resumed) }
    }

    func rejoin() {
        consumer?.rejoin()
    }

    func close() {
        consumer?.close()
    }
}
