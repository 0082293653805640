internal import Kafka
internal import Logging
internal import TaskCache
internal import TaskModel

/// Follows every partition of the status topic, outside any group. Because every instance does, each can take any
/// partition over.
///
/// Two stages: on the reader's thread a look at the head of each record, so that the owner learns at once that what it
/// wrote counts; on a thread of its own the fold into the cache, which takes many times as long.
final class Tail: Sendable {
    private let folding: FoldingThread
    private let progress: TailProgress
    private let mailbox: Mailbox<OwnerEvent>
    /// Whether attempts wait for their snapshot's echo.
    private let wantsEchoes: Bool

    init(
        wantsEchoes: Bool, folding: FoldingThread, progress: TailProgress, mailbox: Mailbox<OwnerEvent>
    ) {
        self.wantsEchoes = wantsEchoes
        self.folding = folding
        self.progress = progress
        self.mailbox = mailbox
    }

    /// Waits while the fold is far behind: that is all the back-pressure there is need of.
    func received(_ records: [KafkaRecord]) {
        let echoes = records.compactMap(look)
        for (partition, end) in records.ends { progress.read(end, of: partition) }
        if !echoes.isEmpty { mailbox.post(.echoes(echoes)) }
        folding.add(.records(records))
    }

    /// A partition has been read to its end.
    func reachedEnd(_ partition: Int32, offset: Int64) {
        progress.read(offset, of: partition)
        folding.add(.end(partition: partition, offset: offset))
    }

    private func look(at record: KafkaRecord) -> Echo? {
        guard let key = record.key, let value = record.value else { return nil }
        if key.elementsEqual(OwnershipRecord.key.utf8) {
            if let owner = try? OwnershipRecord(json: value) { progress.saw(epoch: owner.epoch, of: record.partition) }
            return nil
        }
        guard wantsEchoes, let id = String(validating: key, as: UTF8.self).flatMap(TaskID.init),
            let head = SnapshotHead(scanning: value), head.order.epoch >= progress.epoch(of: record.partition)
        else { return nil }
        return Echo(partition: record.partition, id: id, order: head.order)
    }
}
