import Foundation
import TaskCache
import TaskModel

/// Folding the status topic, and what reading costs once there are many tasks.
struct CacheBenchmark: Benchmark {
    let name = "cache"
    let summary = "fold, stats and search of the SQLite cache; filling it takes a while"

    func run(_ options: BenchOptions) async throws -> [Figure] {
        let directory = URL(filePath: options.scratch).appending(path: "pandar-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appending(path: "cache.sqlite").path()
        let cache = try TaskCache(path: path, clusterID: "bench", logger: Console.logger)
        defer { try? cache.close() }
        let fold = CacheFold(cache: cache, raw: try RawTable(path: directory.appending(path: "raw.sqlite").path()))

        var log = StatusLog()
        let first = min(20_000, options.taskCount / 2)
        let live = try fold.rates(try log.lifecycles(0..<first))
        let filled = try fill(fold, &log, first..<options.taskCount)
        return [live.figure("cache_fold_rate"), filled.figure("cache_fold_rate_\(options.taskCount)_tasks")]
            + (try latencies(cache, tasks: options.taskCount))
    }

    /// Adds tasks that have ended; the rates of the last tenth, when the file is as large as it gets.
    private func fill(_ fold: CacheFold, _ log: inout StatusLog, _ numbers: Range<Int>) throws -> CacheFold.Rates {
        let measured = numbers.upperBound - numbers.upperBound / 10
        var last = CacheFold.Rates()
        for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 10_000) {
            let rates = try fold.rates(try log.compacted(start..<min(start + 10_000, numbers.upperBound)))
            if start >= measured || start + 10_000 >= numbers.upperBound { last += rates }
        }
        return last
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
}
