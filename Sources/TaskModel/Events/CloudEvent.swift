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

    /// The value of `ce_source`, made once by who sends many.
    public static func source(of instance: String) -> [UInt8] { Array("/pandar/\(instance)".utf8) }

    /// The headers of the record, sent by the instance that `source` names.
    public func headers(source: [UInt8]) -> [EventHeader] { headers(source: source) { EventHeader($0, $1) } }

    /// The same in the form that `make` gives to a name and a value.
    public func headers<Header>(source: [UInt8], _ make: (String, [UInt8]?) -> Header) -> [Header] {
        var headers = [
            make("ce_specversion", Self.specVersion),
            make("ce_id", Array(id.utf8)),
            make("ce_source", source),
            make("ce_type", Self.types[kind]),
            make("ce_time", Array(time.description.utf8)),
            make("ce_subject", Array(subject.utf8)),
            make("content-type", Self.contentType),
        ]
        if let traceparent { headers.append(make("traceparent", Array(traceparent.utf8))) }
        return headers
    }

    // Made once: every record has them.
    private static let specVersion = Array("1.0".utf8)
    private static let contentType = Array("application/json".utf8)
    private static let types = Dictionary(
        uniqueKeysWithValues: Kind.allCases.map { ($0, Array("dev.pandar.task.\($0.rawValue).v1".utf8)) })
}

extension TaskSnapshot {
    /// The event of this snapshot: `task_id/version/status`.
    public var event: CloudEvent {
        CloudEvent(
            id: "\(id)/\(state.version)/status", kind: .status, subject: id.text, time: state.updatedAt,
            traceparent: state.traceparent)
    }
}
