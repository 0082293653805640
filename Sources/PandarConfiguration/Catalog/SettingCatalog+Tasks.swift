extension SettingCatalog {
    static let runner: [Setting] = [
        .flag(
            "runner.enabled", \.runner.isEnabled,
            "Run attempts here; off makes the instance a stats replica, which joins no group and only serves."),
        .integer(
            "runner.slots", \.runner.slots, 1...4096, "Attempts that run at once.", default: "the cores, at least 2"),
        .integer(
            "runner.lease_seconds", \.runner.leaseSeconds, 2...3600,
            "Seconds that a runner may be silent before its attempts count as lost."),
        .integer(
            "runner.lease_margin_seconds", \.runner.leaseMarginSeconds, 1...3600,
            "Seconds that the owner waits beyond the lease, for clocks that run apart and for killing."),
        .integer(
            "runner.heartbeat_seconds", \.runner.heartbeatSeconds, 1...600,
            "Seconds between heartbeats of an attempt; less than half a lease."),
        .integer(
            "runner.max_lost_attempts", \.runner.maxLostAttempts, 0...100,
            "Attempts that may be lost in a row before the task fails."),
        .integer(
            "runner.kill_grace_seconds", \.runner.killGraceSeconds, 0...600, "Seconds from SIGTERM to SIGKILL."),
        .integer(
            "runner.output_limit_bytes", \.runner.outputLimitBytes, 0...1_073_741_824,
            "Bytes of output that one attempt may publish; what comes after is dropped and marked."),
        .text(
            "runner.path", \.runner.path, "PATH of attempts.", allowed: "directories with colons",
            default: "PATH of the service"),
    ]

    static let tasks: [Setting] = [
        .integer(
            "task.default_timeout_seconds", \.task.defaultTimeoutSeconds, 1...604_800,
            "Seconds that an attempt may take where the request does not say."),
        .integer(
            "task.default_max_retries", \.task.defaultMaxRetries, 0...10,
            "Repetitions of a failed attempt where the request does not say."),
        .integer(
            "retry.base_seconds", \.task.retryBaseSeconds, 0...3600,
            "Seconds before the first repetition; doubles with each."),
        .integer("retry.max_seconds", \.task.retryMaxSeconds, 0...86_400, "Most seconds before any repetition."),
        .share("retry.jitter", \.task.retryJitter, "The share of the delay that is random."),
        .integer(
            "retry.transient", \.task.transientRetries, 0...1000,
            "Attempts in a row that may fail because a model is down or too busy, beside max_retries."),
        .integer(
            "priority.ageing_seconds", \.task.ageingSeconds, 1...604_800,
            "Seconds of waiting that weigh as much as one level of priority."),
        .integer(
            "confirmation.expires_seconds", \.confirmation.expiresSeconds, 1...2_592_000,
            "Seconds until a question that nobody answered counts as rejected; at most 30 days."),
        .flag(
            "confirmation.allow_requester", \.confirmation.allowsRequester,
            "Let the one who asked for a task approve it."),
        .integer(
            "shutdown.drain_seconds", \.drainSeconds, 0...86_400,
            "Seconds that running attempts may go on after the first signal to stop."),
    ]

    static let serving: [Setting] = [
        .text(
            "alerts.channels", \.alerts.channelList,
            "Where alerts about the service go (dead letters, lost attempts, no sandbox), as a notification service reads "
                + "them; they stand on the notifications topic in any case.",
            allowed: "channels such as slack://#ops, several with commas"),
        .flag("http.enabled", \.http.isEnabled, "Serve HTTP."),
        .text(
            "http.listen", \.http.listen, "HOST:PORT to listen on, loopback only; port 0 takes any.",
            allowed: "HOST:PORT", isAllowed: isAddress),
        .text(
            "cache.path", \.cache.path, "The cache's file; empty for cache.sqlite in the data directory.",
            allowed: "a path"),
        .integer(
            "cache.retention_days", \.cache.retentionDays, 0...36_500,
            "Days that a finished task stays in the cache; 0 for ever."),
        .integer(
            "cache.output_retention_days", \.cache.outputRetentionDays, 0...36_500,
            "Days that output and notifications stay in the cache; 0 for ever."),
        .choice("log.level", \.log.level, "The least severe messages that are logged."),
        .choice("log.format", \.log.format, "How messages are logged on stderr."),
    ]

    private static func isAddress(_ text: String) -> Bool {
        guard let colon = text.lastIndex(of: ":"), colon != text.startIndex else { return false }
        return UInt16(text[text.index(after: colon)...]) != nil
    }
}
