/// A record header. Values are bytes; input can hold any.
public struct EventHeader: Hashable, Sendable {
    public let name: String
    public let value: [UInt8]?

    public init(_ name: String, _ value: [UInt8]?) {
        self.name = name
        self.value = value
    }

    public init(_ name: String, _ value: String) {
        self.init(name, Array(value.utf8))
    }

    /// The value as UTF-8 text, `nil` where it is none.
    public var text: String? {
        value.flatMap { String(validating: $0, as: UTF8.self) }
    }
}

/// CloudEvents 1.0 attributes in the binary mode of the Kafka binding.
public struct CloudEvent: Sendable {
    /// What kind of record it is: `dev.pandar.task.<kind>.v1`.
    public enum Kind: String, Sendable, CaseIterable {
        case status, progress, output, notification, report, owner
    }

    /// Deterministic: the same event has the same id however often it is sent.
    public let id: String
    public let kind: Kind
    /// The task.
    public let subject: String
    public let time: Timestamp
    public let traceparent: String?

    public init(id: String, kind: Kind, subject: String, time: Timestamp, traceparent: String? = nil) {
        self.id = id
        self.kind = kind
        self.subject = subject
        self.time = time
        self.traceparent = traceparent
    }

    /// The headers of the record, sent by `instance`.
    public func headers(instance: String) -> [EventHeader] {
        var headers = [
            EventHeader("ce_specversion", "1.0"),
            EventHeader("ce_id", id),
            EventHeader("ce_source", "/pandar/\(instance)"),
            EventHeader("ce_type", "dev.pandar.task.\(kind.rawValue).v1"),
            EventHeader("ce_time", time.description),
            EventHeader("ce_subject", subject),
            EventHeader("content-type", "application/json"),
        ]
        if let traceparent { headers.append(EventHeader("traceparent", traceparent)) }
        return headers
    }
}

extension TaskSnapshot {
    /// The event of this snapshot: `task_id/version/status`.
    public var event: CloudEvent {
        CloudEvent(
            id: "\(id)/\(state.version)/status", kind: .status, subject: id.text, time: state.updatedAt,
            traceparent: state.traceparent)
    }
}
