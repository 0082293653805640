import TaskCache
import TaskModel
import TestKit
import Testing

@Suite("The fold of the status topic")
struct FoldTests {
    private func folded(_ batches: [[CachedRecord]], reopening: Bool = false) throws -> [String] {
        let file = try CacheFile()
        var cache = try file.open()
        for batch in batches {
            _ = try cache.fold(batch)
            guard reopening else { continue }
            try cache.close()
            cache = try file.open()
            #expect(cache.opening == .opened)
        }
        try cache.close()
        return try CacheDump.lines(file.path)
    }

    @Test("A newer version replaces, an older or a repeated one changes nothing")
    func versions() throws {
        let file = try CacheFile()
        let cache = try file.open()
        let first = try cache.fold([Records.record(Records.snapshot("a", version: 2, status: .running), offset: 0)])
        #expect(first.applied.map(\.order.version) == [2])
        let second = try cache.fold([
            Records.record(Records.snapshot("a", version: 1), offset: 1),
            Records.record(Records.snapshot("a", version: 2, status: .running), offset: 2),
            Records.record(Records.snapshot("a", version: 3, status: .completed), offset: 3),
        ])
        #expect(second.stale.map(\.id.text) == ["a"])
        #expect(second.repeated == 1)
        #expect(second.applied.map(\.order.version) == [3])
        #expect(try cache.checkpoints() == [0: 4])
    }

    @Test("A greater epoch wins over any version; a smaller one is a former owner's")
    func epochs() throws {
        let cache = try CacheFile().open()
        let result = try cache.fold([
            Records.record(Records.snapshot("a", epoch: 1, version: 9), offset: 0),
            Records.record(Records.snapshot("a", epoch: 2, version: 3), offset: 1),
            Records.record(Records.snapshot("a", epoch: 1, version: 10), offset: 2),
            Records.owner(epoch: 3, offset: 3),
            Records.record(Records.snapshot("a", epoch: 2, version: 4), offset: 4),
            Records.record(Records.snapshot("b", epoch: 2), offset: 5),
        ])
        #expect(result.applied.map(\.order) == [.init(epoch: 2, version: 3)])
        #expect(result.stale.map(\.id.text) == ["a", "a", "b"])
        #expect(try cache.epochs() == [0: 3])
    }

    @Test("Ownership records count when their epoch is greater than all before, per partition")
    func owners() throws {
        let cache = try CacheFile().open()
        let result = try cache.fold([
            Records.owner(epoch: 2, offset: 0), Records.owner(epoch: 2, offset: 1), Records.owner(epoch: 1, offset: 2),
            Records.owner(epoch: 5, offset: 3), Records.owner(epoch: 1, partition: 1, offset: 0),
        ])
        #expect(result.owners.map(\.owner.isAccepted) == [true, false, false, true, true])
        #expect(try cache.epochs() == [0: 5, 1: 1])
    }

    @Test("A tombstone forgets a task in every table; what comes after it is a new task", arguments: [true, false])
    func tombstones(inOneBatch: Bool) throws {
        let file = try CacheFile()
        let cache = try file.open()
        let records = [
            try Records.record(Records.snapshot("a", version: 5, name: "old words", command: "audit"), offset: 0),
            Records.tombstone("a", offset: 1),
            try Records.record(
                Records.snapshot("a", version: 1, project: 7, priority: .urgent, name: "new words"), offset: 2),
        ]
        _ = try cache.fold([records[0]])
        for batch in inOneBatch ? [Array(records[1...])] : records[1...].map({ [$0] }) { _ = try cache.fold(batch) }
        #expect(try JSONText(cache.search("old", limit: 10))["total"] == .integer(0))
        #expect(try JSONText(cache.search("new", limit: 10))["total"] == .integer(1))
        #expect(try JSONText(cache.stats(projectID: 7, now: Records.day))["total_tasks"] == .integer(1))
        #expect(try JSONText(cache.stats(projectID: 1, now: Records.day))["total_tasks"] == .integer(0))
        var query = ListQuery()
        query.projectID = 7
        query.priority = .urgent
        #expect(try JSONText(cache.list(query))["total"] == .integer(1))
        _ = try cache.fold([Records.tombstone("a", offset: 3), Records.tombstone("unknown", offset: 4)])
        #expect(try JSONText(cache.stats(projectID: nil, now: Records.day))["total_tasks"] == .integer(0))
    }

    @Test("What cannot be read is counted and changes nothing")
    func garbage() throws {
        let cache = try CacheFile().open()
        let snapshot = try Records.snapshot("a")
        func record(_ key: [UInt8]?, _ value: [UInt8]?, _ offset: Int64) -> CachedRecord {
            CachedRecord(partition: 0, offset: offset, timestampMs: 0, key: key, value: value)
        }
        let result = try cache.fold([
            record(nil, snapshot.json, 0), record([0xFF], snapshot.json, 1),
            record(Array("a b".utf8), snapshot.json, 2),
            record(Array("b".utf8), snapshot.json, 3), record(Array("a".utf8), [], 4),
            record(Array("a".utf8), Array("{}".utf8), 5), record(Array(OwnershipRecord.key.utf8), nil, 6),
            record(Array(OwnershipRecord.key.utf8), Array("[]".utf8).dropLast(), 7),
        ])
        #expect(result.invalid == 8)
        #expect(result.firstInvalid?.offset == 0)
        #expect(result.applied.isEmpty)
        #expect(try cache.checkpoints() == [0: 8])
    }

    @Test("Batches of any size, with records read again and restarts between, give the same", arguments: 0..<12)
    func batches(seed: UInt64) throws {
        let log = try RandomLog(seed: seed, length: 120, garbage: seed % 2 == 0)
        let whole = try folded([log.records])
        #expect(try folded(log.records.map { [$0] }) == whole)
        var generator = SeededGenerator(seed: seed)
        var batches: [[CachedRecord]] = []
        var start = 0
        while start < log.records.count {
            let end = min(log.records.count, start + Int.random(in: 1...40, using: &generator))
            // A reader that starts again may bring what was folded already.
            batches.append(Array(log.records[max(0, start - Int.random(in: 0...30, using: &generator))..<end]))
            start = end
        }
        #expect(try folded(batches, reopening: true) == whole)
    }

    @Test("What is held is what a reader should hold", arguments: 100..<112)
    func model(seed: UInt64) throws {
        let log = try RandomLog(seed: seed, length: 200, garbage: seed % 2 == 0)
        let cache = try CacheFile().open()
        _ = try cache.fold(log.records)
        let held = try cache.tasks(ids: (0..<12).compactMap { TaskID("task-\($0)") })
        #expect(held.mapValues(\.snapshot) == log.tasks)
        let active = try (0..<3).flatMap { try cache.activeTasks(partition: $0) }
        #expect(Set(active.map(\.id)) == Set(log.tasks.values.filter { !$0.state.status.isTerminal }.map(\.id)))
    }

    @Test("Readers see whole folds while folding goes on")
    func concurrentReads() async throws {
        let file = try CacheFile()
        let cache = try file.open()
        // Each fold adds ten tasks: no reader may ever see another number.
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for batch in 0..<60 {
                    _ = try cache.fold(
                        (0..<10).map {
                            try Records.record(Records.snapshot("\(batch)-\($0)"), offset: Int64(batch * 10 + $0))
                        })
                }
            }
            for _ in 0..<3 {
                group.addTask {
                    var seen: Int64 = 0
                    while seen < 600 {
                        var query = ListQuery()
                        query.projectID = 1
                        let total = try JSONText(cache.list(query)).integer("total")
                        let counted = try JSONText(cache.stats(projectID: 1, now: Records.day)).integer("total_tasks")
                        #expect(total % 10 == 0 && counted % 10 == 0 && total >= seen && counted >= total)
                        seen = total
                        await Task.yield()
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
