/// A record header. Values are bytes.
public struct KafkaHeader: Hashable, Sendable {
    public let name: String
    public let value: [UInt8]?

    public init(name: String, value: [UInt8]?) {
        self.name = name
        self.value = value
    }
}

/// A record that was read.
public struct KafkaRecord: Hashable, Sendable {
    public let topic: String
    public let partition: Int32
    public let offset: Int64
    /// Milliseconds since 1970, as the producer or the broker set it.
    public let timestampMs: Int64
    /// Whether the broker set the timestamp, when it took the record in (log-append time).
    public let hasBrokerTime: Bool
    public let key: [UInt8]?
    public let value: [UInt8]?
    public let headers: [KafkaHeader]

    public init(
        topic: String, partition: Int32, offset: Int64, timestampMs: Int64, key: [UInt8]?, value: [UInt8]?,
        headers: [KafkaHeader] = [], hasBrokerTime: Bool = false
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.timestampMs = timestampMs
        self.hasBrokerTime = hasBrokerTime
        self.key = key
        self.value = value
        self.headers = headers
    }
}

/// A record to be written.
public struct OutgoingRecord: Hashable, Sendable {
    public var topic: String
    /// `nil` lets the client's partitioner choose by key.
    public var partition: Int32?
    public var key: [UInt8]?
    /// `nil` writes a tombstone.
    public var value: [UInt8]?
    public var headers: [KafkaHeader]

    public init(
        topic: String, partition: Int32? = nil, key: [UInt8]?, value: [UInt8]?, headers: [KafkaHeader] = []
    ) {
        self.topic = topic
        self.partition = partition
        self.key = key
        self.value = value
        self.headers = headers
    }
}

/// A partition of a topic.
public struct TopicPartition: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let topic: String
    public let partition: Int32

    public init(topic: String, partition: Int32) {
        self.topic = topic
        self.partition = partition
    }

    public static func < (left: TopicPartition, right: TopicPartition) -> Bool {
        (left.topic, left.partition) < (right.topic, right.partition)
    }

    public var description: String { "\(topic)[\(partition)]" }
}

/// Where a record was written.
public struct DeliveredOffset: Hashable, Sendable {
    public let partition: Int32
    public let offset: Int64
}

/// The first offset that is still there and the one that the next record will get.
public struct Watermarks: Hashable, Sendable {
    public let low: Int64
    public let high: Int64
}
