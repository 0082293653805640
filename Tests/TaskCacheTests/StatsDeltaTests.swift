import TaskCache
import TaskModel
import Testing

@Suite("Statistics do not depend on how a task got where it is")
struct StatsDeltaTests {
    @Test("One batch a version gives the same as the last version alone")
    func sameAsLast() throws {
        let ends: [TaskStatus] = [.pending, .running, .completed, .failed, .cancelled]
        let stepwise = CacheOf()
        let direct = CacheOf()
        var offset: Int64 = 0
        for (number, end) in ends.enumerated() {
            for (version, status) in [.pending, .running, end].enumerated() {
                let snapshot = try Records.snapshot(
                    "t\(number)", version: Int64(version + 1), status: status, project: Int64(number % 2 + 1),
                    agent: number % 2 == 0 ? "codex" : nil)
                try stepwise.fold(Records.record(snapshot, offset: offset))
                offset += 1
                if version == 2 { try direct.fold(Records.record(snapshot, offset: Int64(number))) }
            }
        }
        for project in [nil, 1, 2] as [Int64?] {
            #expect(try stepwise.stats(project) == direct.stats(project))
        }
    }

    /// A cache in a folder of its own.
    private final class CacheOf {
        private let file = try? CacheFile()
        private lazy var cache = try? file?.open()

        func fold(_ record: CachedRecord) throws {
            _ = try #require(cache).fold([record])
        }

        func stats(_ project: Int64?) throws -> String {
            String(decoding: try #require(cache).stats(projectID: project, now: Records.day), as: UTF8.self)
        }
    }
}
