internal import CRdkafka
public import Logging

/// A topic as the cluster has it.
public struct TopicMetadata: Hashable, Sendable {
    public let name: String
    public let partitions: Int32
}

/// What the cluster says of itself.
public struct ClusterMetadata: Sendable {
    public let clusterID: String?
    public let brokers: [String]
    public let topics: [String: TopicMetadata]
}

/// A topic to be made.
public struct NewTopic: Hashable, Sendable {
    public let name: String
    public let partitions: Int32
    /// -1 for the broker's default.
    public let replicationFactor: Int16
    public let config: [String: String]

    public init(name: String, partitions: Int32, replicationFactor: Int16 = -1, config: [String: String] = [:]) {
        self.name = name
        self.partitions = partitions
        self.replicationFactor = replicationFactor
        self.config = config
    }
}

/// Questions to the cluster and changes of its topics. Everything blocks.
public final class Admin: Sendable {
    let handle: ClientHandle
    private let settings: KafkaSettings

    public init(_ settings: KafkaSettings, logger: Logger) throws(KafkaError) {
        self.settings = settings
        let configuration = try ClientConfiguration(settings.withoutConsumer, defaults: [:])
        handle = try ClientHandle(RD_KAFKA_PRODUCER, configuration, logger: logger)
    }

    /// The brokers and all topics.
    public func metadata(seconds: Double = 10) throws(KafkaError) -> ClusterMetadata {
        var metadata: UnsafePointer<rd_kafka_metadata>?
        let error = rd_kafka_metadata(handle.pointer, 1, nil, &metadata, Int32(seconds * 1000))
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata else {
            throw KafkaError(
                .unreachable, name: rd_kafka_err2name(error).map { String(cString: $0) },
                "No Kafka broker answered at \(settings.bootstrapServers) within \(Int(seconds)) s; check the address, "
                    + "the network and the TLS/SASL settings")
        }
        defer { rd_kafka_metadata_destroy(metadata) }
        let content = metadata.pointee
        var topics: [String: TopicMetadata] = [:]
        for index in 0..<Int(content.topic_cnt) {
            let topic = content.topics[index]
            guard topic.err == RD_KAFKA_RESP_ERR_NO_ERROR else { continue }
            let name = String(cString: topic.topic)
            topics[name] = TopicMetadata(name: name, partitions: topic.partition_cnt)
        }
        let brokers = (0..<Int(content.broker_cnt)).map { index in
            "\(String(cString: content.brokers[index].host)):\(content.brokers[index].port)"
        }
        let id = rd_kafka_clusterid(handle.pointer, Int32(seconds * 1000))
        defer { if let id { rd_kafka_mem_free(handle.pointer, id) } }
        return ClusterMetadata(clusterID: id.map { String(cString: $0) }, brokers: brokers, topics: topics)
    }

    /// The ends of a partition.
    public func watermarks(_ partition: TopicPartition, seconds: Double = 10) throws(KafkaError) -> Watermarks {
        try queryWatermarks(handle.pointer, partition, seconds: seconds)
    }
}
