/// A record as it came in, before anyone read it.
public struct InboundRecord: Hashable, Sendable {
    /// Which of the topics it came from.
    public enum Channel: String, Sendable, CaseIterable {
        case requests, confirmations, reports
    }

    public let channel: Channel
    public let topic: String
    public let partition: Int32
    public let offset: Int64
    public let key: [UInt8]?
    public let value: [UInt8]?
    public let headers: [EventHeader]
    public let timestamp: Timestamp
    /// When the broker took it in, by the broker's clock; `nil` where the topic has its producers' times.
    public let appendedAt: Timestamp?
    /// On whose authority it asks. Not part of the record: whoever reads it finds it out.
    public var authority = Authority.trusted

    public init(
        channel: Channel, topic: String, partition: Int32, offset: Int64, key: [UInt8]?, value: [UInt8]?,
        headers: [EventHeader] = [], timestamp: Timestamp, appendedAt: Timestamp? = nil
    ) {
        self.channel = channel
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.key = key
        self.value = value
        self.headers = headers
        self.timestamp = timestamp
        self.appendedAt = appendedAt
    }

    /// Where it stood before it was forwarded (`topic/partition/offset`); `nil` if it never was.
    public static let routedHeader = "pandar-routed-from"

    /// The position that a derived task id is made from: the original one, also after forwarding.
    public var origin: RecordOrigin {
        guard let text = header(Self.routedHeader), let origin = RecordOrigin(text) else {
            return RecordOrigin(topic: topic, partition: partition, offset: offset)
        }
        return origin
    }

    /// Whether another owner forwarded it here.
    public var isRouted: Bool { headers.contains { $0.name == Self.routedHeader } }

    /// The text of the last header of that name.
    public func header(_ name: String) -> String? {
        headers.last { $0.name == name }?.text
    }
}

/// Where a record first arrived.
public struct RecordOrigin: Hashable, Sendable, LosslessStringConvertible {
    public let topic: String
    public let partition: Int32
    public let offset: Int64

    public init(topic: String, partition: Int32, offset: Int64) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
    }

    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, let partition = Int32(parts[1]), let offset = Int64(parts[2]) else {
            return nil
        }
        self.init(topic: String(parts[0]), partition: partition, offset: offset)
    }

    public var description: String { "\(topic)/\(partition)/\(offset)" }
}
