import TaskCache
import TaskModel
import Testing

@Suite("What attempts have used is known of each of them")
struct UsageTests {
    private let today = UTCDay(Records.day)

    private func snapshot(
        _ id: String, version: Int64, project: Int64 = 1, agent: String? = "codex", _ usages: [TokenUsage],
        startedDaysAgo days: Int64 = 0
    ) throws -> TaskSnapshot {
        var snapshot = try Records.snapshot(id, version: version, status: .running, project: project, agent: agent)
        snapshot.state.attempts = usages.enumerated().map { index, usage in
            var attempt = AttemptRecord(
                attempt: index + 1, runner: "r", startedAt: Records.day.adding(seconds: -days * 86_400))
            attempt.usage = usage
            return attempt
        }
        return snapshot
    }

    @Test("A fold tells what it has folded, and only of tasks that have used something")
    func told() throws {
        let cache = try CacheFile().open()
        let result = try cache.fold([
            Records.record(Records.snapshot("none", status: .running), offset: 0),
            Records.record(snapshot("a", version: 1, [TokenUsage(input: 5)]), offset: 1),
            Records.record(snapshot("a", version: 2, [TokenUsage(), TokenUsage(input: 7, costMicros: 3)]), offset: 2),
        ])
        #expect(result.usage.map(\.ref.description) == ["a#2"])
        #expect(result.usage.map(\.usage) == [TokenUsage(input: 7, costMicros: 3)])
        #expect(try cache.usage(since: today) == result.usage)
    }

    @Test("A newer snapshot replaces what was known, also of attempts that it no longer has")
    func replaced() throws {
        let cache = try CacheFile().open()
        _ = try cache.fold([
            Records.record(snapshot("a", version: 1, [TokenUsage(input: 5), TokenUsage(output: 2)]), offset: 0)
        ])
        #expect(try cache.usage(since: today).count == 2)
        _ = try cache.fold([Records.record(snapshot("a", version: 2, [TokenUsage(input: 6)]), offset: 1)])
        #expect(try cache.usage(since: today).map(\.usage) == [TokenUsage(input: 6)])
        let total = try JSONText(cache.stats(projectID: 1, now: Records.day))["usage"]?.objectValue?["total"]
        #expect(total?.objectValue?["input_tokens"] == 6)
        #expect(total?.objectValue?["attempts"] == 1)
        #expect(total?.objectValue?["cost_usd"] == .null)
    }

    @Test("A deleted, a pruned and a forgotten task leave nothing", arguments: ["tombstone", "prune", "afresh"])
    func removed(way: String) throws {
        let file = try CacheFile()
        let cache = try file.open()
        var ended = try snapshot("a", version: 1, [TokenUsage(input: 5, costMicros: 7)])
        ended.state.status = .completed
        ended.state.recoveredBy = "claude"
        _ = try cache.fold([Records.record(ended, offset: 0)])
        #expect(try JSONText(cache.stats(projectID: nil, now: Records.day)).integer("recovered_tasks") == 1)
        switch way {
        case "tombstone": _ = try cache.fold([Records.tombstone("a", offset: 1)])
        case "prune": #expect(try cache.prune(endedBefore: Records.day.adding(seconds: 86_400)) == 1)
        default: try cache.startAfresh()
        }
        #expect(try cache.usage(since: UTCDay(number: 0)).isEmpty)
        let stats = try JSONText(cache.stats(projectID: nil, now: Records.day))
        #expect(stats["usage"]?.objectValue?["by_agent"] == .object(JSONObject()))
        #expect(stats["usage"]?.objectValue?["by_day"] == .array([]))
        #expect(stats.integer("recovered_tasks") == 0)
        try cache.close()
        #expect(try CacheDump.lines(file.path).allSatisfy { !$0.contains("codex") })
    }

    @Test("A new task under the name of a deleted one starts from nothing")
    func reborn() throws {
        let cache = try CacheFile().open()
        _ = try cache.fold([Records.record(snapshot("a", version: 5, [TokenUsage(input: 5)]), offset: 0)])
        _ = try cache.fold([
            Records.tombstone("a", offset: 1),
            Records.record(snapshot("a", version: 1, project: 2, agent: nil, [TokenUsage(input: 3)]), offset: 2),
        ])
        let usage = try JSONText(cache.stats(projectID: nil, now: Records.day))["usage"]?.objectValue
        #expect(usage?["by_project"]?.objectValue?.members.map(\.name) == ["2"])
        #expect(usage?["by_agent"]?.objectValue?.members.map(\.name) == ["-"])
    }

    @Test("The day is that of the attempt's start, and only days asked for are read")
    func days() throws {
        let cache = try CacheFile().open()
        _ = try cache.fold([
            Records.record(snapshot("a", version: 1, [TokenUsage(input: 5)], startedDaysAgo: 1), offset: 0),
            Records.record(snapshot("b", version: 1, [TokenUsage(input: 6)]), offset: 1),
        ])
        #expect(try cache.usage(since: today).map(\.ref.taskID.text) == ["b"])
        #expect(try cache.usage(since: today.adding(days: -1)).map(\.day) == [today, today.adding(days: -1)])
    }

    @Test("Numbers beyond all reason are bounded, and their sums are still numbers")
    func absurd() throws {
        let cache = try CacheFile().open()
        let most = TokenUsage(input: .max, cached: .max, output: .max, costMicros: 8_000_000_000_000)
        _ = try cache.fold(
            (0..<50).map { try Records.record(snapshot("t-\($0)", version: 1, [most, most]), offset: Int64($0)) })
        let total = try JSONText(cache.stats(projectID: nil, now: Records.day))["usage"]?.objectValue?["total"]
        #expect(total?.objectValue?["input_tokens"] == .integer(100 * AttemptUsage.limit))
        #expect(total?.objectValue?["cost_usd"] == .decimal("100000000.000000"))
    }

    @Test("A file from before usage was kept has all that it had, and goes on")
    func earlierFile() throws {
        let file = try CacheFile()
        var cache = try file.open()
        let statuses = TaskStatus.allCases
        _ = try cache.fold(
            (0..<30).map { number in
                let snapshot = try Records.snapshot(
                    "t-\(number)", version: 2, status: statuses[number % statuses.count],
                    project: Int64(number % 3 + 1),
                    agent: number % 2 == 0 ? "codex" : nil, createdBy: "ann", output: "done")
                return Records.record(snapshot, offset: Int64(number))
            } + [Records.tombstone("t-3", offset: 30)])
        try cache.close()
        let before = try CacheDump.lines(file.path)
        try CacheDump.undoUsage(file.path)
        cache = try file.open()
        #expect(cache.opening == .opened)
        try cache.close()
        #expect(try CacheDump.lines(file.path) == before)
        cache = try file.open()
        _ = try cache.fold([Records.record(snapshot("t-1", version: 3, [TokenUsage(input: 1)]), offset: 31)])
        #expect(try cache.usage(since: today).count == 1)
        #expect(try JSONText(cache.search("audit", limit: 100)).ids.count == 29)
    }
}
