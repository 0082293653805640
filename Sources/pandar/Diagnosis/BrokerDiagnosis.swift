internal import Kafka
internal import PandarConfiguration
internal import TaskModel

/// Whether the broker answers and has the topics.
enum BrokerDiagnosis {
    static func findings(_ client: ClientSettings) -> [Finding] {
        let address = client.settings.kafka.bootstrapServers
        do {
            let metadata = try client.admin().metadata(seconds: 5)
            let plan = try TopicPlan(client)
            let brokers = metadata.brokers.count
            return [
                Finding(.ok, "broker", "\(brokers) at \(address), cluster \(metadata.clusterID ?? "unknown")"),
                topics(plan),
            ]
        } catch {
            let failure = CommandError(error)
            return [
                Finding(
                    .fail, "broker", failure?.message ?? "\(error)",
                    remedy: "start one with `pandar broker`, or set --bootstrap")
            ]
        }
    }

    static func topics(_ plan: TopicPlan) -> Finding {
        if !plan.missing.isEmpty {
            let names = plan.missing.map(\.name).joined(separator: ", ")
            return Finding(.fail, "topics", "missing: \(names)", remedy: "`pandar topics apply`")
        }
        guard let difference = plan.differences.first else { return Finding(.ok, "topics", plan.lines[0]) }
        return Finding(plan.hasWrongPartitions ? .fail : .warn, "topics", difference, remedy: "`pandar topics plan`")
    }
}
