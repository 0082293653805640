internal import CRdkafka
public import Logging

/// librdkafka's mock cluster: a broker in this process, for development, the demo and tests.
///
/// Not Kafka in these ways: no transactions (use at-least-once), 5 MiB a partition, nothing on disk, no static
/// membership, no compaction, loopback only.
public final class EmbeddedBroker: Sendable {
    private let cluster: Cluster
    private let forwarder: PortForwarder?
    /// Where clients connect.
    public let bootstrap: String

    /// - Parameters:
    ///   - topics: made at once, with so many partitions.
    ///   - listen: host and port to be reached at; `nil` or port 0 for any port.
    public init(topics: [String: Int32], listen: (host: String, port: UInt16)? = nil, logger: Logger) throws(KafkaError)
    {
        let configuration = try ClientConfiguration(KafkaSettings(bootstrapServers: ""), defaults: [:])
        let cluster = try Cluster(ClientHandle(RD_KAFKA_PRODUCER, configuration, logger: logger))
        self.cluster = cluster
        let pointer = cluster.pointer
        for (topic, partitions) in topics {
            let error = rd_kafka_mock_topic_create(pointer, topic, partitions, 1)
            guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
                throw KafkaError(error, "The embedded broker cannot make the topic \(topic)")
            }
        }
        let address = String(cString: rd_kafka_mock_cluster_bootstraps(pointer))
        guard let listen, listen.port != 0 else {
            forwarder = nil
            bootstrap = address
            return
        }
        let port = UInt16(address.split(separator: ":").last ?? "") ?? 0
        forwarder = try PortForwarder(host: listen.host, port: listen.port, to: port)
        bootstrap = "\(listen.host):\(listen.port)"
    }

    /// Whether a cluster is an embedded broker, here or in another process, by the id that it gives itself.
    public static func isEmbedded(clusterID: String?) -> Bool {
        clusterID?.hasPrefix("mockCluster") == true
    }

    /// Cuts the broker off, or lets it answer again.
    public func setDown(_ isDown: Bool) {
        if isDown {
            rd_kafka_mock_broker_set_down(cluster.pointer, 1)
        } else {
            rd_kafka_mock_broker_set_up(cluster.pointer, 1)
        }
    }

    /// Answers the next requests of one kind (`ApiKey` of the protocol) with these error codes.
    public func fail(requestsOf api: Int16, with codes: [Int32]) {
        var errors = codes.map { rd_kafka_resp_err_t(rawValue: $0) }
        rd_kafka_mock_push_request_errors_array(cluster.pointer, api, errors.count, &errors)
    }
}

/// Frees the mock cluster before the client that it lives in: a deinitializer's body runs before its members go.
private final class Cluster: @unchecked Sendable {
    // Unchecked: the members are set once; librdkafka does its own locking.
    let pointer: OpaquePointer
    private let handle: ClientHandle

    init(_ handle: ClientHandle) throws(KafkaError) {
        guard let pointer = rd_kafka_mock_cluster_new(handle.pointer, 1) else {
            throw KafkaError(.other, "The embedded broker cannot be started")
        }
        self.pointer = pointer
        self.handle = handle
    }

    deinit {
        rd_kafka_mock_cluster_destroy(pointer)
    }
}
