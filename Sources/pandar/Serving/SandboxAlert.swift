internal import Kafka
internal import Logging
internal import PandarConfiguration
internal import TaskModel
internal import TaskRunner

/// Tells on the notifications topic that an instance does not start for want of a sandbox: whoever starts services by a
/// machine may not look at its exit code.
enum SandboxAlert {
    /// Seconds that a broker may take: the instance ends either way.
    private static let patience = 10.0

    static func raise(_ reason: String, _ settings: PandarSettings, _ logger: Logger) {
        let client = ClientSettings(settings: settings, service: nil)
        let alert = SystemAlert.sandboxUnavailable(
            instance: settings.instance.id, reason: reason, channels: settings.alerts.channels, at: .now)
        do {
            try client.publish([record(alert, settings, client.layout)], seconds: patience)
        } catch {
            logger.warning("the alert about the sandbox could not be published", metadata: ["error": "\(error)"])
        }
    }

    private static func record(
        _ alert: Notification, _ settings: PandarSettings, _ layout: TopicLayout
    ) -> OutgoingRecord {
        let source = CloudEvent.source(of: settings.instance.id)
        return OutgoingRecord(
            topic: layout.notifications, key: nil, value: alert.json,
            headers: alert.event.headers(source: source).map { KafkaHeader(name: $0.name, value: $0.value) })
    }
}
