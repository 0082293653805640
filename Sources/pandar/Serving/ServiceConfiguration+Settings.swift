internal import Kafka
internal import PandarConfiguration
internal import TaskEngine
internal import TaskModel
internal import TaskRunner
internal import TaskService

extension ServiceConfiguration {
    /// What the settings say, for a cluster or for the embedded broker, which knows neither transactions nor static
    /// membership.
    ///
    /// - Throws: what is wrong with the files of rules for commands, of gates, of projects and of agents.
    init(_ settings: PandarSettings, isEmbedded: Bool) throws(ConfigurationError) {
        let layout = TopicLayout(prefix: settings.kafka.topicPrefix, partitions: Int32(settings.kafka.partitions))
        let isExact = settings.delivery.guarantee == .exactlyOnce && !isEmbedded
        self.init(
            instance: settings.instance.id, kafka: settings.kafka.members(isEmbedded: isEmbedded),
            groupID: settings.kafka.groupID, layout: layout, guarantee: isExact ? .exactlyOnce : .atLeastOnce,
            usesStaticMembership: settings.kafka.usesStaticMembership && !isEmbedded,
            engine: try EngineConfiguration(settings), slots: settings.runner.isEnabled ? settings.runner.slots : 0,
            maximumBatch: settings.delivery.maxRecords, drainSeconds: settings.drainSeconds,
            cachePath: settings.cachePath, workDirectory: settings.instance.dataDirectory + "/work",
            attemptPath: settings.runner.path, heartbeatSeconds: settings.runner.heartbeatSeconds,
            killGraceSeconds: settings.runner.killGraceSeconds, outputLimitBytes: settings.runner.outputLimitBytes,
            retentionDays: settings.cache.retentionDays, outputRetentionDays: settings.cache.outputRetentionDays)
        projects = try ProjectsFile.load(path: settings.projects.file)
        agents = try settings.agents.catalog()
        keptLimitBytes = Int64(settings.projects.keptLimitMB) << 20
        fetchSeconds = settings.projects.fetchSeconds
        if projects.defaultProject == nil { engine.projects = Set(projects.named.map(\.id)) }
        if settings.runner.isEnabled { engine.sandbox = settings.sandbox.mode == .none ? SandboxMode.none : .strict }
    }
}

extension EngineConfiguration {
    init(_ settings: PandarSettings) throws(ConfigurationError) {
        self.init(
            partitionCount: Int32(settings.kafka.partitions), partitioner: settings.kafka.partitioner,
            runner: settings.instance.id, incarnation: "", leaseSeconds: settings.runner.leaseSeconds,
            leaseMarginSeconds: settings.runner.leaseMarginSeconds,
            maxLostAttempts: settings.runner.maxLostAttempts,
            maxTransientFailures: settings.task.transientRetries,
            defaultTimeoutSeconds: settings.task.defaultTimeoutSeconds,
            defaultMaxRetries: settings.task.defaultMaxRetries,
            backoff: RetryBackoff(
                base: Int64(settings.task.retryBaseSeconds) * 1000,
                maximum: Int64(settings.task.retryMaxSeconds) * 1000, jitter: settings.task.retryJitter),
            ageingSeconds: settings.task.ageingSeconds,
            confirmationSeconds: settings.confirmation.expiresSeconds,
            allowsRequesterApproval: settings.confirmation.allowsRequester,
            policy: try settings.policy.policy(), gates: try settings.gates.catalog(),
            parkAfterSeconds: settings.gates.parkAfterSeconds, alertChannels: settings.alerts.channels)
    }
}

extension KafkaSection {
    /// The settings of the service's own clients.
    fileprivate func members(isEmbedded: Bool) -> KafkaSettings {
        var client = client
        client.properties["session.timeout.ms"] =
            client.properties["session.timeout.ms"]
            ?? String(isEmbedded ? min(sessionTimeoutMilliseconds, 6000) : sessionTimeoutMilliseconds)
        return client
    }
}
