import Foundation
import Logging
import TaskCache
import TaskModel

/// Folding the status topic, and what reading costs once there are many tasks.
struct CacheBenchmark: Benchmark {
    /// Records that one call of fold takes, about what the tail reads at once when it is behind.
    private static let batch = 1000

    let name = "cache"
    let summary = "fold, stats and search of the SQLite cache; filling it takes a while"

    func run(_ options: BenchOptions) async throws -> [Figure] {
        let directory = URL(filePath: options.scratch).appending(path: "pandar-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appending(path: "cache.sqlite").path()
        let cache = try TaskCache(path: path, clusterID: "bench", logger: Logger(label: "bench"))
        defer { try? cache.close() }

        var position: Int64 = 0
        let first = min(20_000, options.tasks)
        let records = try (0..<first).flatMap(SampleTasks.lifecycle).map { Self.record($0, &position) }
        let seconds = try Self.fold(records, into: cache)
        let raw = try RawTable(path: directory.appending(path: "raw.sqlite").path())
        let rawSeconds = try Measure.seconds {
            for batch in Self.batches(records) { try raw.write(batch) }
        }
        var figures = [
            Figure(
                "cache_fold_rate", Double(records.count) / seconds, "records/s",
                baseline: Double(records.count) / rawSeconds, comparison: "one SQLite table of key and value")
        ]
        if let rate = try fill(cache, from: first, to: options.tasks, &position) {
            figures.append(Figure("cache_fold_rate_\(options.tasks)_tasks", rate, "records/s"))
        }
        return figures + (try latencies(cache, tasks: options.tasks))
    }

    /// Adds tasks that have ended; the rate of the last tenth, when the file is as large as it gets.
    private func fill(_ cache: TaskCache, from first: Int, to last: Int, _ position: inout Int64) throws -> Double? {
        let measured = last - last / 10
        var seconds = 0.0
        var count = 0
        for start in stride(from: first, to: last, by: 10_000) {
            let records = try (start..<min(start + 10_000, last)).compactMap(SampleTasks.finished)
                .map { Self.record($0, &position) }
            let taken = try Self.fold(records, into: cache)
            guard start >= measured else { continue }
            seconds += taken
            count += records.count
        }
        return count == 0 ? nil : Double(count) / seconds
    }

    private func latencies(_ cache: TaskCache, tasks: Int) throws -> [Figure] {
        let now = SampleTasks.start
        let point = try Measure.latencies(1000) { call in
            guard let id = TaskID("task-\(call * 7919 % tasks)"), try cache.task(id) != nil else {
                throw BenchError("A task that was folded is not in the cache.")
            }
        }
        let stats = try Measure.latencies(200) { call in
            _ = try cache.stats(projectID: call % 2 == 0 ? nil : Int64(call % 50 + 1), now: now)
        }
        var figures = Self.figures("cache_stats", stats, point)
        for (name, text) in Self.searches {
            let times = try Measure.latencies(50) { call in _ = try cache.search(text(call), limit: 10) }
            figures += Self.figures("cache_search_\(name)", times, point)
        }
        let list = try Measure.latencies(200) { call in
            var query = ListQuery()
            query.projectID = Int64(call % 50 + 1)
            _ = try cache.list(query)
        }
        return figures + Self.figures("cache_list_project", list, point)
    }

    /// From a word of every twentieth task to the number of one.
    private static var searches: [(name: String, text: @Sendable (Int) -> String)] {
        [
            ("common_word", { SampleTasks.word($0) }),
            ("two_words", { SampleTasks.word($0) + " " + SampleTasks.word($0 / 20 + $0) }),
            ("rare_word", { "nightly \($0 * 101)" }),
        ]
    }

    private static func figures(_ name: String, _ times: Latencies, _ point: Latencies) -> [Figure] {
        [("p50", 0.5), ("p99", 0.99)].map { label, share in
            Figure(
                "\(name)_\(label)", times.percentile(share), "ms", baseline: point.percentile(share),
                comparison: "reading one task by its id")
        }
    }

    private static func record(_ snapshot: TaskSnapshot, _ position: inout Int64) -> CachedRecord {
        defer { position += 1 }
        return CachedRecord(
            partition: 0, offset: position, timestampMs: snapshot.state.updatedAt.milliseconds,
            key: Array(snapshot.id.text.utf8), value: snapshot.json)
    }

    private static func batches(_ records: [CachedRecord]) -> [[CachedRecord]] {
        stride(from: 0, to: records.count, by: batch).map { Array(records[$0..<min($0 + batch, records.count)]) }
    }

    /// Seconds that the cache takes.
    private static func fold(_ records: [CachedRecord], into cache: TaskCache) throws -> Double {
        var applied = 0
        let seconds = try Measure.seconds {
            for batch in batches(records) { applied += try cache.fold(batch).applied.count }
        }
        guard applied == records.count else {
            throw BenchError("The cache took \(applied) of \(records.count) records.")
        }
        return seconds
    }
}
