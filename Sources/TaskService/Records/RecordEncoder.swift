internal import Kafka
internal import TaskModel

/// Turns what the engine wants written into Kafka records.
struct RecordEncoder: Sendable {
    let layout: TopicLayout
    let group: String
    private let source: [UInt8]

    init(layout: TopicLayout, instance: String, group: String) {
        self.layout = layout
        self.group = group
        source = CloudEvent.source(of: instance)
    }

    func snapshot(_ snapshot: TaskSnapshot, partition: Int32) -> OutgoingRecord {
        record(
            layout.status, partition: partition, key: snapshot.id.text, value: snapshot.json, event: snapshot.event)
    }

    func ownership(_ ownership: OwnershipRecord, partition: Int32) -> OutgoingRecord {
        let event = CloudEvent(
            id: "\(OwnershipRecord.key)/\(partition)/\(ownership.epoch)/\(ownership.incarnation)", kind: .owner,
            subject: OwnershipRecord.key, time: ownership.takenAt)
        return record(
            layout.status, partition: partition, key: OwnershipRecord.key, value: ownership.json, event: event)
    }

    /// Notifications, progress and output of a task stand in one partition each, so that readers see them in order.
    func notification(_ notification: Notification, partition: Int32) -> OutgoingRecord {
        record(
            layout.notifications, partition: partition, key: notification.taskID?.text, value: notification.json,
            event: notification.event)
    }

    func progress(_ progress: ProgressEvent, partition: Int32) -> OutgoingRecord {
        record(
            layout.progress, partition: partition, key: progress.ref.taskID.text, value: progress.json,
            event: progress.event)
    }

    func output(_ chunk: OutputChunk, partition: Int32) -> OutgoingRecord {
        record(
            layout.output, partition: partition, key: chunk.ref.taskID.text, value: chunk.json, event: chunk.event)
    }

    func report(_ report: RunnerReport, partition: Int32) -> OutgoingRecord {
        let id = "\(report.ref.taskID)/\(report.ref.attempt)/\(report.at.milliseconds)/report"
        let event = CloudEvent(id: id, kind: .report, subject: report.ref.taskID.text, time: report.at)
        return record(layout.reports, partition: partition, key: nil, value: report.json, event: event)
    }

    /// The input as it was, with the reason beside it.
    func deadLetter(_ input: InboundRecord, _ violation: ContractViolation, at now: Timestamp) -> OutgoingRecord {
        let headers = DeadLetter.headers(for: input, group: group, violation: violation, at: now)
        return OutgoingRecord(
            topic: layout.deadLetters, partition: nil, key: input.key, value: input.value,
            headers: headers.map(KafkaHeader.init))
    }

    /// The input as it was, for the owner of another partition.
    func forward(_ input: InboundRecord, to partition: Int32) -> OutgoingRecord {
        var headers = input.headers
        if !input.isRouted {
            headers.append(EventHeader(InboundRecord.routedHeader, input.origin.description))
        }
        return OutgoingRecord(
            topic: input.topic, partition: partition, key: input.key, value: input.value,
            headers: headers.map(KafkaHeader.init))
    }

    private func record(
        _ topic: String, partition: Int32, key: String?, value: [UInt8], event: CloudEvent
    ) -> OutgoingRecord {
        OutgoingRecord(
            topic: topic, partition: partition, key: key.map { Array($0.utf8) }, value: value,
            headers: event.headers(source: source) { KafkaHeader(name: $0, value: $1) })
    }
}

extension KafkaHeader {
    init(_ header: EventHeader) {
        self.init(name: header.name, value: header.value)
    }
}

extension InboundRecord {
    init(_ record: KafkaRecord, channel: Channel) {
        let timestamp = Timestamp(milliseconds: record.timestampMs)
        self.init(
            channel: channel, topic: record.topic, partition: record.partition, offset: record.offset,
            key: record.key, value: record.value,
            headers: record.headers.map { EventHeader($0.name, $0.value) },
            timestamp: timestamp, appendedAt: record.hasBrokerTime ? timestamp : nil)
    }
}
