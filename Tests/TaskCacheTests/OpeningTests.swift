import Foundation
import GRDB
import Logging
import Synchronization
import TaskCache
import TaskModel
import TestKit
import Testing

@Suite("The cache file may be lost, broken or another's at any time")
struct OpeningTests {
    private let file: CacheFile
    private let log = Captured()

    init() throws {
        file = try CacheFile()
    }

    private func open(cluster: String? = "test") throws -> TaskCache {
        let log = log
        return try file.open(
            cluster: cluster, logger: Logger(label: "test", factory: { _ in CapturingHandler(log: log) }))
    }

    /// A file with some tasks in it.
    private func fill() throws {
        let cache = try open()
        #expect(cache.opening == .created)
        _ = try cache.fold(
            (0..<200).map { try Records.record(Records.snapshot("t-\($0)", name: "Name \($0)"), offset: Int64($0)) })
        try cache.close()
    }

    /// What is opened is as good as new, and says why.
    private func expectRebuilt(_ cache: TaskCache, _ part: String, sourceLocation: SourceLocation = #_sourceLocation)
        throws
    {
        guard case .rebuilt(let reason) = cache.opening else {
            Issue.record("\(cache.opening)", sourceLocation: sourceLocation)
            return
        }
        #expect(reason.contains(part), "\(reason)", sourceLocation: sourceLocation)
        #expect(try cache.checkpoints() == [:], sourceLocation: sourceLocation)
        #expect(try JSONText(cache.list(ListQuery())).integer("total") == 0, sourceLocation: sourceLocation)
        let lines = log.lines.withLock { $0 }
        #expect(lines.count == 1, sourceLocation: sourceLocation)
        #expect(
            lines.first?.contains("the cache is rebuilt from the status topic") == true, sourceLocation: sourceLocation)
        #expect(lines.first?.contains(reason) == true, sourceLocation: sourceLocation)
        _ = try cache.fold([Records.record(Records.snapshot("t-1"), offset: 0)])
        #expect(try cache.checkpoints() == [0: 1], sourceLocation: sourceLocation)
    }

    @Test("A good file is opened with all that was in it")
    func good() throws {
        try fill()
        let cache = try open()
        #expect(cache.opening == .opened)
        #expect(try cache.checkpoints() == [0: 200])
        #expect(log.lines.withLock { $0 } == [])
    }

    @Test("A deleted file is made anew, also with its companions left behind", arguments: [true, false])
    func deleted(withCompanions: Bool) throws {
        try fill()
        try FileManager.default.removeItem(atPath: file.path)
        if withCompanions { try Data("left behind".utf8).write(to: URL(filePath: file.path + "-wal")) }
        let cache = try open()
        #expect(cache.opening == .created)
        #expect(try cache.checkpoints() == [:])
    }

    @Test("A file deleted under a running service does no harm, and is made anew by the next")
    func deletedInUse() throws {
        let cache = try open()
        _ = try cache.fold([Records.record(Records.snapshot("a"), offset: 0)])
        for name in try FileManager.default.contentsOfDirectory(atPath: file.directory.path()) {
            try FileManager.default.removeItem(at: file.directory.appending(path: name))
        }
        _ = try cache.fold([Records.record(Records.snapshot("b"), offset: 1)])
        #expect(try cache.checkpoints() == [0: 2])
        let next = try open()
        #expect(next.opening == .created)
        #expect(try next.checkpoints() == [:])
    }

    @Test("An emptied file is rebuilt")
    func empty() throws {
        try fill()
        try Data().write(to: URL(filePath: file.path))
        try expectRebuilt(try open(), "it is empty or cut short")
    }

    @Test("A truncated file is rebuilt", arguments: [10, 100, 4096, 5000, 20_000])
    func truncated(length: Int) throws {
        try fill()
        let bytes = try Data(contentsOf: URL(filePath: file.path))
        try #require(bytes.count > length)
        try bytes.prefix(length).write(to: URL(filePath: file.path))
        try expectRebuilt(try open(), "it ")
    }

    @Test("A file of garbage is rebuilt", arguments: [1, 1000, 100_000])
    func garbage(length: Int) throws {
        var generator = SeededGenerator(seed: UInt64(length))
        try Data((0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) })
            .write(to: URL(filePath: file.path))
        try expectRebuilt(try open(), "it ")
    }

    @Test("Garbage in any page is noticed or harms nothing that is read", arguments: 0..<12)
    func garbagePage(seed: UInt64) throws {
        try fill()
        var generator = SeededGenerator(seed: seed)
        var bytes = try Data(contentsOf: URL(filePath: file.path))
        let page = Int.random(in: 1..<bytes.count / 4096, using: &generator) * 4096
        for place in page..<page + 4096 { bytes[place] = UInt8.random(in: 0...255, using: &generator) }
        try bytes.write(to: URL(filePath: file.path))
        let cache = try open()
        guard cache.opening == .opened else { return try expectRebuilt(cache, "it ") }
        // A page that nothing needs.
        #expect(try cache.activeTasks(partition: 0).count == 200)
        #expect(try cache.checkpoints() == [0: 200])
    }

    @Test("An active task's record that is broken within is noticed")
    func brokenRecord() throws {
        try fill()
        let queue = try DatabaseQueue(path: file.path)
        try queue.write { try $0.execute(sql: "UPDATE tasks SET snapshot = x'7B00' WHERE task_id = 't-7'") }
        try queue.close()
        try expectRebuilt(try open(), "the record of task t-7")
    }

    @Test("Another cluster's file is rebuilt, and is that cluster's from then on")
    func otherCluster() throws {
        try fill()
        let cache = try open(cluster: "other")
        try expectRebuilt(cache, "it belongs to the cluster test, not to other")
        try cache.close()
        #expect(try open(cluster: "other").opening == .opened)
    }

    @Test("A file that a newer version wrote is rebuilt")
    func newer() throws {
        try fill()
        let queue = try DatabaseQueue(path: file.path)
        try queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('999')") }
        try queue.close()
        try expectRebuilt(try open(), "a newer version of Pandar wrote it")
    }

    @Test("Another program's database is rebuilt")
    func foreign() throws {
        let queue = try DatabaseQueue(path: file.path)
        try queue.write { try $0.execute(sql: "CREATE TABLE tasks (x)") }
        try queue.close()
        try expectRebuilt(try open(), "it cannot be read")
    }

    @Test("A file that another process holds is not deleted under it")
    func held() throws {
        try fill()
        let queue = try DatabaseQueue(path: file.path)
        try queue.inDatabase { database in
            try database.execute(sql: "BEGIN EXCLUSIVE; INSERT INTO meta VALUES ('x', 'y')")
            let error = #expect(throws: CacheError.self) { try open() }
            #expect(error?.description.contains("no other instance may use the file") == true)
            try database.execute(sql: "COMMIT")
        }
        #expect(try open().checkpoints() == [0: 200])
    }

    @Test("A place where no file can be made is named, with what to do", arguments: ["/proc", "/no/such/place"])
    func noPlace(directory: String) {
        let error = #expect(throws: CacheError.self) {
            try TaskCache(path: directory + "/cache.sqlite", clusterID: nil, logger: .silent)
        }
        #expect(
            error?.description.hasPrefix("The cache \(directory)/cache.sqlite cannot be opened: unable to open") == true
        )
        #expect(error?.description.contains("must exist, be writable") == true)
    }

    @Test("A reader beside the service sees what it folds, and cannot write")
    func readingBeside() throws {
        let cache = try open()
        let reader = try TaskCache(reading: file.path)
        _ = try cache.fold([Records.record(Records.snapshot("a"), offset: 0)])
        #expect(try JSONText(reader.list(ListQuery())).ids == ["a"])
        #expect(throws: (any Error).self) { try reader.fold([Records.record(Records.snapshot("b"), offset: 1)]) }
    }
}

/// Log lines.
private final class Captured: Sendable {
    let lines = Mutex<[String]>([])
}

private struct CapturingHandler: LogHandler {
    let log: Captured
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    init(log: Captured) {
        self.log = log
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        log.lines.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
    }
}
