internal import CRdkafka

/// What went wrong between this client and the cluster.
public struct KafkaError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The closed set of causes that a caller can act on.
    public enum Code: String, Sendable {
        /// A setting that librdkafka does not know or refuses.
        case configuration
        /// No broker answered.
        case unreachable
        /// The answer did not come in time: what was asked for may or may not have happened.
        case timedOut
        /// A newer member or producer has taken over; what was asked for did not happen.
        case fenced
        /// The transaction was aborted; nothing of it counts and it can be repeated.
        case aborted
        /// The client cannot go on and must be made anew.
        case fatal
        /// The local queue is full; poll and repeat.
        case queueFull
        case unknownTopicOrPartition
        case authorization
        case recordTooLarge
        case other
    }

    public let code: Code
    /// librdkafka's own name of the error, where it gave one.
    public let name: String?
    public let message: String

    public init(_ code: Code, name: String? = nil, _ message: String) {
        self.code = code
        self.name = name
        self.message = message
    }

    public var description: String {
        name.map { "\(message) (\($0))" } ?? message
    }
}

extension KafkaError {
    init(_ error: rd_kafka_resp_err_t, _ context: String) {
        let text = rd_kafka_err2str(error).map { String(cString: $0) } ?? "unknown error"
        let name = rd_kafka_err2name(error).map { String(cString: $0) }
        self.init(Code(error), name: name, "\(context): \(text)")
    }

    /// Takes over and frees an error object of librdkafka.
    init(taking error: OpaquePointer, _ context: String) {
        defer { rd_kafka_error_destroy(error) }
        let text = rd_kafka_error_string(error).map { String(cString: $0) } ?? "unknown error"
        let name = rd_kafka_error_name(error).map { String(cString: $0) }
        var code = Code(rd_kafka_error_code(error))
        if code != .fenced, rd_kafka_error_txn_requires_abort(error) != 0 { code = .aborted }
        if code != .fenced, rd_kafka_error_is_fatal(error) != 0 { code = .fatal }
        self.init(code, name: name, "\(context): \(text)")
    }
}

extension KafkaError.Code {
    init(_ error: rd_kafka_resp_err_t) {
        switch error {
        case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__RESOLVE,
            RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE:
            self = .unreachable
        case RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
            RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
            self = .timedOut
        case RD_KAFKA_RESP_ERR__FENCED, RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION,
            RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH,
            RD_KAFKA_RESP_ERR_PRODUCER_FENCED, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
            RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST:
            self = .fenced
        case RD_KAFKA_RESP_ERR__FATAL: self = .fatal
        case RD_KAFKA_RESP_ERR__QUEUE_FULL: self = .queueFull
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
            RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
            self = .unknownTopicOrPartition
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR__AUTHENTICATION,
            RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
            RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
            self = .authorization
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE: self = .recordTooLarge
        default: self = .other
        }
    }
}
