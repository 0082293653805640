internal import Foundation
internal import Kafka
internal import Logging
internal import TaskModel
internal import TaskRunner

/// Records and offsets in one transaction.
final class ExactlyOnceCommitter: CommitPort {
    private let producer: TransactionalProducer
    private let group: GroupMember
    private let logger: Logger

    init(_ producer: TransactionalProducer, group: GroupMember, logger: Logger) {
        self.producer = producer
        self.group = group
        self.logger = logger
    }

    func commit(_ request: CommitRequest) throws -> Bool {
        do throws(KafkaError) {
            try producer.commit(
                request.effects + request.snapshots, offsets: group.offsets(request.offsets), as: request.membership)
            return true
        } catch {
            switch error.code {
            case .aborted: break
            default:
                // Whether it counted is unknown, or the producer cannot go on: a new one fences the old.
                logger.warning("making the transactional producer anew", metadata: ["error": "\(error)"])
                try producer.reinitialise()
            }
            throw error
        }
    }
}

/// Effects first, snapshots after them, offsets last, when the tail has shown that the snapshots count.
///
/// Without transactions nobody refuses the records of a former owner; the readers ignore them. So what was written is
/// looked at through their eyes before the inputs are given up.
final class AtLeastOnceCommitter: CommitPort {
    private let producer: Producer
    private let group: GroupMember
    private let tail: TailProgress
    private let mailbox: Mailbox<OwnerEvent>

    /// Longer than a record can live in the producer's queue.
    private static let seconds = 15.0

    init(_ producer: Producer, group: GroupMember, tail: TailProgress, mailbox: Mailbox<OwnerEvent>) {
        self.producer = producer
        self.group = group
        self.tail = tail
        self.mailbox = mailbox
    }

    /// The offsets go without waiting for the answer: they only say how far the inputs need not be read again, and that
    /// can be said at any time after what they caused counts.
    func commit(_ request: CommitRequest) throws -> Bool {
        let startedAt = Uptime.now
        guard let consumer = group.consumer else { throw KafkaError(.fenced, "The group has been left") }
        try producer.sendAndWait(request.effects, seconds: Self.seconds)
        let ends = try producer.sendAndWait(request.snapshots, seconds: Self.seconds)
        guard tail.waitUntilRead(ends, seconds: Self.seconds) else {
            throw KafkaError(.timedOut, "What was written did not come back within \(Int(Self.seconds)) s")
        }
        for (partition, epoch) in request.epochs where tail.epoch(of: partition) > epoch {
            throw KafkaError(.fenced, "Partition \(partition) has another owner")
        }
        try consumer.commit(group.offsets(request.offsets), as: request.membership) { [mailbox] error in
            mailbox.post(.offsetsAnswered(error, request.membership, startedAt: startedAt))
        }
        return false
    }
}

extension GroupMember {
    func offsets(_ positions: [InputPosition: Int64]) -> [TopicPartition: Int64] {
        var offsets: [TopicPartition: Int64] = [:]
        for (position, offset) in positions {
            offsets[TopicPartition(topic: topic(position.channel), partition: position.partition)] = offset
        }
        return offsets
    }
}

/// Sends reports to owners elsewhere. An acknowledgement is the runner's proof that its lease was renewed.
final class ReportSender: ReportPort {
    private let producer: Producer
    private let mailbox: Mailbox<OwnerEvent>
    private let logger: Logger

    init(_ producer: Producer, mailbox: Mailbox<OwnerEvent>, logger: Logger) {
        self.producer = producer
        self.mailbox = mailbox
        self.logger = logger
    }

    func send(_ record: OutgoingRecord, of ref: AttemptRef) {
        let sentAt = Uptime.now
        do {
            try producer.send(record) { [mailbox] result in
                if case .success = result { mailbox.post(.reportsAcknowledged([ref], sentAt: sentAt)) }
            }
        } catch {
            logger.warning("a report could not be queued; it will be repeated", metadata: ["error": "\(error)"])
        }
    }
}
