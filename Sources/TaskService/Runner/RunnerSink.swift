internal import Kafka
internal import Logging
internal import Synchronization
internal import TaskModel
internal import TaskRunner

/// Takes what attempts say: reports to the owner's thread, progress and output to their topics.
///
/// Output that the broker cannot take at the moment is dropped and counted, never gathered: the tail in the snapshot
/// still tells how an attempt ended.
final class RunnerSink: AttemptSink {
    private let mailbox: Mailbox<OwnerEvent>
    private let producer: Producer
    private let encoder: RecordEncoder
    private let unread: UnreadReports
    private let dropped = Atomic<Int>(0)

    init(mailbox: Mailbox<OwnerEvent>, unread: UnreadReports, producer: Producer, encoder: RecordEncoder) {
        self.mailbox = mailbox
        self.unread = unread
        self.producer = producer
        self.encoder = encoder
    }

    /// Chunks and progress events that were dropped because the producer's queue was full.
    var droppedCount: Int { dropped.load(ordering: .relaxed) }

    func report(_ report: RunnerReport, of order: AttemptOrder) {
        if report.kind == .finished { unread.insert(report.ref) }
        mailbox.post(.report(report, partition: order.partition))
    }

    func output(_ chunk: OutputChunk, of order: AttemptOrder) {
        send(encoder.output(chunk, partition: order.partition))
    }

    func progress(_ event: ProgressEvent, of order: AttemptOrder) {
        send(encoder.progress(event, partition: order.partition))
    }

    private func send(_ record: OutgoingRecord) {
        do {
            try producer.send(record)
        } catch {
            dropped.wrappingAdd(1, ordering: .relaxed)
        }
    }
}
