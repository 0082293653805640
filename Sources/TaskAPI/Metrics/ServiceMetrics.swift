/// The metrics that the service has, with what `HELP` says of them. Code that counts names them as swift-metrics labels;
/// dimensions are in braces.
///
/// | name | kind |
/// |---|---|
/// | `pandar_consumer_lag` | gauge |
/// | `pandar_oldest_unfinished_task_seconds` | gauge |
/// | `pandar_queue_depth{priority}` | gauge |
/// | `pandar_attempts_total{outcome}` | counter |
/// | `pandar_agent_tokens_total{agent,kind}` | counter |
/// | `pandar_agent_cost_usd_total{agent}` | counter |
/// | `pandar_commits_total{result}` | counter |
/// | `pandar_commit_duration_seconds` | histogram or summary |
/// | `pandar_dead_letters_total{reason}` | counter |
/// | `pandar_cache_lag_records` | gauge |
/// | `pandar_tasks_running` | gauge |
/// | `pandar_tasks_waiting` | gauge |
/// | `pandar_rebalances_total` | counter |
/// | `pandar_duplicates_total` | counter |
/// | `pandar_stale_records_total` | counter |
/// | `pandar_unreadable_records_total` | counter |
/// | `pandar_http_requests_total{route,status}` | counter |
/// | `pandar_http_request_duration_seconds{route}` | histogram |
public enum ServiceMetrics {
    /// `HELP` by metric name.
    public static let help: [String: String] = [
        "pandar_consumer_lag": "Input records on assigned partitions that are not committed yet.",
        "pandar_oldest_unfinished_task_seconds": "Age of the oldest task that has not ended, since its creation.",
        "pandar_queue_depth": "Tasks that are ready to start and wait for a slot, by priority.",
        "pandar_attempts_total": "Attempts that ended, by outcome.",
        "pandar_agent_tokens_total":
            "Tokens of attempts that ended, by agent and kind: input (the cached ones among them), cached, output.",
        "pandar_agent_cost_usd_total": "What ended attempts cost, by agent, where the agent tells.",
        "pandar_commits_total": "Commits of the owner loop, by result.",
        "pandar_commit_duration_seconds": "Time from the first record of a commit to its acknowledgement.",
        "pandar_dead_letters_total": "Inputs that were dead-lettered, by reason.",
        "pandar_cache_lag_records": "Records of the status topic that the cache has not folded yet.",
        "pandar_tasks_running": "Attempts that this instance runs.",
        "pandar_tasks_waiting": "Tasks of this instance's partitions that wait for a confirmation.",
        "pandar_rebalances_total": "Rebalances of the consumer group that this instance took part in.",
        "pandar_duplicates_total": "Requests with a task id that was known.",
        "pandar_stale_records_total": "Status records that were ignored, as a later one of their task was known.",
        "pandar_unreadable_records_total": "Status records that could not be read and were skipped.",
        "pandar_http_requests_total": "HTTP requests, by route and status.",
        "pandar_http_request_duration_seconds": "Time from a request's head to its answer, by route.",
        "pandar_metrics_refused_total": "Metrics that are not shown: of two kinds, or with too many label sets.",
    ]
}
