internal import TaskAPI
internal import TaskModel
internal import TaskRunner
internal import TaskService

/// Shows the service's figures at each scrape.
enum MetricsBinding {
    static func bind(_ service: PandarService, to registry: PrometheusRegistry) {
        let status = service.status
        registry.gauge("pandar_consumer_lag") { Double(status.snapshot.inputLag) }
        registry.gauge("pandar_cache_lag_records") { Double(service.cacheLag) }
        registry.gauge("pandar_tasks_running") { Double(status.snapshot.running) }
        registry.gauge("pandar_tasks_waiting") { Double(status.snapshot.waiting) }
        registry.gauge("pandar_oldest_unfinished_task_seconds") {
            status.snapshot.oldestUnfinished.map { Double(max(0, Timestamp.now.milliseconds(since: $0))) / 1000 } ?? 0
        }
        registry.gauges("pandar_queue_depth", by: "priority") {
            let depth = status.snapshot.queueDepth
            return Dictionary(uniqueKeysWithValues: TaskPriority.allCases.map { ($0.rawValue, Double(depth[$0] ?? 0)) })
        }
        registry.counters("pandar_attempts_total", by: "outcome") { status.snapshot.attempts.mapValues(Double.init) }
        for (kind, amount) in tokenKinds {
            registry.counters("pandar_agent_tokens_total", labels: ["kind": kind], by: "agent") {
                status.snapshot.agentUsage.mapValues { Double(amount($0)) }
            }
        }
        registry.counters("pandar_agent_cost_usd_total", by: "agent") {
            status.snapshot.agentUsage.compactMapValues(\.costUSD)
        }
        registry.counters("pandar_commits_total", by: "result") {
            let snapshot = status.snapshot
            return ["succeeded": Double(snapshot.commits), "failed": Double(snapshot.failedCommits)]
        }
        registry.summary("pandar_commit_duration_seconds") {
            let snapshot = status.snapshot
            return (snapshot.commits + snapshot.failedCommits, snapshot.commitSeconds)
        }
        registry.counters("pandar_dead_letters_total", by: "reason") {
            status.snapshot.deadLetters.mapValues(Double.init)
        }
        registry.counter("pandar_rebalances_total") { Double(status.snapshot.rebalances) }
        registry.counter("pandar_duplicates_total") { Double(status.snapshot.duplicates) }
        registry.counter("pandar_stale_records_total") { Double(status.snapshot.staleRecords) }
        registry.counter("pandar_unreadable_records_total") { Double(status.snapshot.unreadableRecords) }
    }

    private static let tokenKinds: [(String, @Sendable (TokenUsage) -> Int64)] = [
        ("input", { $0.input }), ("cached", { $0.cached }), ("output", { $0.output }),
    ]
}
