/// Something that people should learn of.
public struct Notification: Hashable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case confirmationRequired = "confirmation_required"
        /// Nobody has decided yet.
        case confirmationReminder = "confirmation_reminder"
        /// Nobody has decided yet, and others are told.
        case confirmationEscalated = "confirmation_escalated"
        case confirmationDecided = "confirmation_decided"
        case confirmationExpired = "confirmation_expired"
        case taskCompleted = "task_completed"
        case taskFailed = "task_failed"
        case systemAlert = "system_alert"
    }

    /// Deterministic: `task_id/version/type`; of an alert `system_alert/code/partition/minute`.
    public let id: String
    public let kind: Kind
    public let title: String
    public let content: String
    /// Absent in an alert, which is about the service and no task.
    public let taskID: TaskID?
    public let projectID: Int64?
    public let user: String?
    public let channels: [String]
    public let confirmation: Confirmation?
    public let createdAt: Timestamp
    /// The trace of the task's request.
    public let traceparent: String?

    public init(
        kind: Kind, title: String, content: String, snapshot: TaskSnapshot, channels: [String],
        confirmation: Confirmation? = nil, createdAt: Timestamp
    ) {
        id = "\(snapshot.id)/\(snapshot.state.version)/\(kind.rawValue)"
        self.kind = kind
        self.title = title
        self.content = content
        taskID = snapshot.id
        projectID = snapshot.spec.projectID
        user = snapshot.spec.requester
        self.channels = channels
        self.confirmation = confirmation
        self.createdAt = createdAt
        traceparent = snapshot.state.traceparent
    }

    /// An alert about the service, for whoever follows the topic.
    ///
    /// - Parameter code: what it is about and when, deterministic, such as `invalid_json/2/29763000`.
    public init(
        alert code: String, title: String, content: String, channels: [String] = [], createdAt: Timestamp
    ) {
        kind = .systemAlert
        id = "\(Kind.systemAlert.rawValue)/\(code)"
        self.title = title
        self.content = content
        taskID = nil
        projectID = nil
        user = nil
        self.channels = channels
        confirmation = nil
        self.createdAt = createdAt
        traceparent = nil
    }

    public var event: CloudEvent {
        CloudEvent(
            id: id, kind: .notification, subject: taskID?.text ?? kind.rawValue, time: createdAt,
            traceparent: traceparent)
    }

    /// The record's value.
    public var json: [UInt8] {
        var writer = JSONWriter(capacity: 512)
        writer.object {
            $0.name("notification_id")
            $0.string(id)
            $0.name("type")
            $0.string(kind.rawValue)
            $0.name("title")
            $0.string(title)
            $0.name("content")
            $0.string(content)
            $0.optional("task_id", taskID?.text)
            if let projectID {
                $0.name("project_id")
                $0.integer(projectID)
            }
            $0.optional("user", user)
            $0.name("channels")
            $0.array { for channel in channels { $0.string(channel) } }
            if let confirmation {
                $0.name("confirmation")
                confirmation.write(to: &$0)
            }
            $0.optional("created_at", createdAt)
        }
        return writer.bytes
    }
}
