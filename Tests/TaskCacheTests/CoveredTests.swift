import TaskCache
import TaskModel
import Testing

@Suite("The cache knows which records of the log are covered by a former owner's")
struct CoveredTests {
    private let file: CacheFile
    private let cache: TaskCache

    init() throws {
        file = try CacheFile()
        cache = try file.open()
    }

    private func covered(_ partition: Int32 = 0) throws -> [String] {
        try cache.covered(partition: partition).map(\.text)
    }

    @Test("A former owner's late record covers the task until the owner writes it again")
    func lateRecord() throws {
        _ = try cache.fold([
            Records.owner(epoch: 2, offset: 0),
            Records.record(Records.snapshot("a", epoch: 2, version: 3), offset: 1),
        ])
        #expect(try covered() == [])
        let late = try cache.fold([Records.record(Records.snapshot("a", epoch: 1, version: 9), offset: 2)])
        #expect(late.stale.count == 1)
        #expect(try covered() == ["a"])
        #expect(try covered(1) == [])
        let again = try cache.fold([Records.record(Records.snapshot("a", epoch: 2, version: 3), offset: 3)])
        #expect(again.repeated == 1)
        #expect(try covered() == [])
    }

    @Test("A record of the current owner that is older than what is held covers, a newer one uncovers")
    func olderVersion() throws {
        _ = try cache.fold([
            Records.record(Records.snapshot("a", version: 3), offset: 0),
            Records.record(Records.snapshot("a", version: 2), offset: 1),
        ])
        #expect(try covered() == ["a"])
        _ = try cache.fold([Records.record(Records.snapshot("a", version: 4), offset: 2)])
        #expect(try covered() == [])
    }

    @Test("Within one batch the last record decides", arguments: [true, false])
    func oneBatch(endsCovered: Bool) throws {
        let current = try Records.snapshot("a", epoch: 2, version: 3)
        let late = try Records.snapshot("a", epoch: 1, version: 4)
        var records = [Records.owner(epoch: 2, offset: 0), Records.record(current, offset: 1)]
        records.append(Records.record(late, offset: 2))
        if !endsCovered { records.append(Records.record(current, offset: 3)) }
        _ = try cache.fold(records)
        #expect(try covered() == (endsCovered ? ["a"] : []))
    }

    @Test("A late record of a task that nobody else wrote covers too")
    func unknownTask() throws {
        _ = try cache.fold([
            Records.owner(epoch: 2, offset: 0), Records.record(Records.snapshot("a", epoch: 1), offset: 1),
        ])
        #expect(try covered() == ["a"])
    }

    @Test("A tombstone leaves nothing to be covered")
    func tombstone() throws {
        _ = try cache.fold([
            Records.record(Records.snapshot("a", version: 3), offset: 0),
            Records.record(Records.snapshot("a", version: 2), offset: 1), Records.tombstone("a", offset: 2),
        ])
        #expect(try covered() == [])
    }

    @Test("What is covered survives a restart, with the checkpoint of the same fold")
    func restart() throws {
        _ = try cache.fold([
            Records.owner(epoch: 2, offset: 0), Records.record(Records.snapshot("a", epoch: 2, version: 3), offset: 1),
            Records.record(Records.snapshot("a", epoch: 1, version: 9), offset: 2), Records.owner(epoch: 1, offset: 3),
        ])
        try cache.close()
        let reopened = try file.open()
        #expect(try reopened.covered(partition: 0).map(\.text) == ["a"])
        #expect(try reopened.isOwnerCovered(partition: 0))
        #expect(try reopened.checkpoints() == [0: 4])
        #expect(try reopened.epochs() == [0: 2])
    }

    @Test("A former owner's ownership record covers the current one until that is written again or outbid")
    func owners() throws {
        _ = try cache.fold([Records.owner(epoch: 5, offset: 0)])
        #expect(try !cache.isOwnerCovered(partition: 0))
        _ = try cache.fold([Records.owner(epoch: 4, offset: 1)])
        #expect(try cache.isOwnerCovered(partition: 0))
        #expect(try !cache.isOwnerCovered(partition: 1))
        _ = try cache.fold([Records.owner(epoch: 5, offset: 2)])
        #expect(try !cache.isOwnerCovered(partition: 0))
        _ = try cache.fold([Records.owner(epoch: 4, offset: 3), Records.owner(epoch: 6, offset: 4)])
        #expect(try !cache.isOwnerCovered(partition: 0))
    }
}
