import TaskCache
import TaskModel
import Testing

@Suite("Statistics are kept with the fold and equal a count from scratch")
struct StatsTests {
    private func check(_ tasks: [TaskSnapshot], _ stats: JSONText, sourceLocation: SourceLocation = #_sourceLocation) {
        func count(_ isCounted: (TaskSnapshot) -> Bool) -> Int64 { Int64(tasks.count(where: isCounted)) }
        #expect(stats.integer("total_tasks") == Int64(tasks.count), sourceLocation: sourceLocation)
        for status in TaskStatus.allCases {
            #expect(
                stats.integer("\(status.rawValue)_tasks") == count { $0.state.status == status },
                sourceLocation: sourceLocation)
        }
        let completed = count { $0.state.status == .completed }
        let ended = completed + count { $0.state.status == .failed }
        let rate = ended == 0 ? 0 : Double(completed) / Double(ended) * 100
        #expect(abs(stats.number("success_rate") - rate) < 0.001, sourceLocation: sourceLocation)
        #expect(stats.number("average_duration") == (ended == 0 ? 0 : 10), sourceLocation: sourceLocation)
        let byPriority = Dictionary(grouping: tasks, by: \.spec.priority.rawValue).mapValues(statuses)
        #expect(stats.groups("by_priority") == byPriority, sourceLocation: sourceLocation)
        let byAgent = Dictionary(grouping: tasks.filter { $0.spec.agent != nil }, by: { $0.spec.agent ?? "" })
            .mapValues(statuses)
        #expect(stats.groups("by_agent") == byAgent, sourceLocation: sourceLocation)
    }

    /// What the tasks' attempts have used, counted from scratch.
    private func checkUsage(
        _ tasks: [TaskSnapshot], _ stats: JSONText, since day: UTCDay, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let accounts = try tasks.flatMap { AttemptUsage.all($0.id, try $0.spec.request(), $0.state) }
        let usage = try #require(stats["usage"]?.objectValue)
        #expect(usage["total"] == sum(accounts), sourceLocation: sourceLocation)
        for (name, key) in [
            ("by_agent", { $0.agent }), ("by_project", { String($0.projectID) }),
        ] as [(String, (AttemptUsage) -> String)] {
            let expected = Dictionary(grouping: accounts, by: key).mapValues { sum($0) }
            let members = usage[name]?.objectValue?.members.map { ($0.name, $0.value) } ?? []
            #expect(Dictionary(uniqueKeysWithValues: members) == expected, "\(name)", sourceLocation: sourceLocation)
        }
        let days = Dictionary(grouping: accounts.filter { $0.day >= day }, by: \.day).sorted { $0.key < $1.key }
        let expected = days.map { entry -> JSONValue in
            var object = JSONObject([.init(name: "day", value: .string(entry.key.description))])
            for member in sum(entry.value).objectValue?.members ?? [] { object[member.name] = member.value }
            return .object(object)
        }
        #expect(usage["by_day"]?.arrayValue == expected, sourceLocation: sourceLocation)
        #expect(
            stats.integer("recovered_tasks") == Int64(tasks.count { $0.state.recoveredBy != nil }),
            sourceLocation: sourceLocation)
        #expect(
            stats.integer("proxy_answers") == Int64(tasks.flatMap(\.state.attempts).reduce(0) { $0 + $1.answers }),
            sourceLocation: sourceLocation)
    }

    private func sum(_ accounts: [AttemptUsage]) -> JSONValue {
        let usage = accounts.reduce(TokenUsage()) { $0 + $1.usage }
        var object = usage.json.objectValue ?? JSONObject()
        object["attempts"] = .integer(Int64(accounts.count))
        return .object(object)
    }

    private func statuses(_ tasks: [TaskSnapshot]) -> [String: Int64] {
        Dictionary(grouping: tasks, by: \.state.status.rawValue).mapValues { Int64($0.count) }
    }

    @Test("After thousands of random transitions, for all projects and for each", arguments: 0..<2)
    func recount(seed: UInt64) throws {
        let log = try RandomLog(seed: seed, length: 2_000, names: 60)
        let cache = try CacheFile().open()
        for start in stride(from: 0, to: log.records.count, by: 97) {
            _ = try cache.fold(Array(log.records[start..<min(start + 97, log.records.count)]))
        }
        let tasks = Array(log.tasks.values)
        let now = Records.day.adding(seconds: 3600)
        let oldest = UTCDay(now).adding(days: -29)
        let all = try JSONText(cache.stats(projectID: nil, now: now))
        check(tasks, all)
        try checkUsage(tasks, all, since: oldest)
        for project in 1...5 {
            let some = tasks.filter { $0.spec.projectID == Int64(project) }
            let stats = try JSONText(cache.stats(projectID: Int64(project), now: now))
            check(some, stats)
            try checkUsage(some, stats, since: oldest)
        }
    }

    @Test("An empty cache has zeros and no percentiles")
    func empty() throws {
        let stats = try JSONText(CacheFile().open().stats(projectID: nil, now: Records.day))
        check([], stats)
        #expect(stats.counts("duration_percentiles") == [:])
        #expect(stats["by_hour"] == .array([]))
        try checkUsage([], stats, since: UTCDay(Records.day))
    }

    @Test("Percentiles are right to a fifth")
    func percentiles() throws {
        let cache = try CacheFile().open()
        _ = try cache.fold(
            (0..<100).map {
                try Records.record(Records.snapshot("t-\($0)", version: 3, status: .completed), offset: Int64($0))
            })
        let stats = try JSONText(cache.stats(projectID: nil, now: Records.day))
        let durations = try #require(stats["duration_percentiles"]?.objectValue)
        for name in ["p50", "p90", "p99"] {
            let value = try #require(durations[name]?.doubleValue)
            #expect(value >= 10 && value <= 12)
        }
    }

    @Test("Hours beyond a day back are left out")
    func hours() throws {
        let cache = try CacheFile().open()
        _ = try cache.fold([
            Records.record(Records.snapshot("old", created: Records.day), offset: 0),
            Records.record(Records.snapshot("new", created: Records.day.adding(seconds: 90_000)), offset: 1),
        ])
        let stats = try JSONText(cache.stats(projectID: nil, now: Records.day.adding(seconds: 90_000)))
        #expect(stats["by_hour"]?.arrayValue?.count == 1)
    }
}
