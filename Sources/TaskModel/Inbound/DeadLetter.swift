/// How a dead letter tells where it came from and why.
public enum DeadLetter {
    /// What all its own headers begin with.
    public static let prefix = "__dlq.errors."

    /// The headers of the dead letter of `record`: its own, byte for byte, and the reason. A record that was replayed
    /// and failed again keeps the time of its first failure.
    public static func headers(
        for record: InboundRecord, group: String, violation: ContractViolation, at now: Timestamp
    ) -> [EventHeader] {
        let first = record.header(prefix + "first-failure-time") ?? now.description
        return original(record.headers) + [
            EventHeader(prefix + "topic", record.topic),
            EventHeader(prefix + "partition", String(record.partition)),
            EventHeader(prefix + "offset", String(record.offset)),
            EventHeader(prefix + "group", group),
            EventHeader(prefix + "reason", violation.reason.rawValue),
            EventHeader(prefix + "message", violation.message),
            EventHeader(prefix + "first-failure-time", first),
        ]
    }

    /// The headers as they were before the record became a dead letter.
    public static func original(_ headers: [EventHeader]) -> [EventHeader] {
        headers.filter { !$0.name.hasPrefix(prefix) }
    }

    /// The headers of a replay: the original ones, the time of the first failure, and no route, so that the record finds
    /// its home again.
    public static func replayHeaders(_ headers: [EventHeader]) -> [EventHeader] {
        original(headers).filter { $0.name != InboundRecord.routedHeader }
            + headers.filter { $0.name == prefix + "first-failure-time" }
    }

    /// A field that the dead letter tells of itself (`topic`, `reason`, …).
    public static func field(_ name: String, in headers: [EventHeader]) -> String? {
        headers.last { $0.name == prefix + name }?.text
    }
}
