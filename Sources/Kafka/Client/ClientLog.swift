internal import CRdkafka
internal import Logging

/// What a client's callbacks find their way by: the client's one opaque. It is kept until the client is destroyed.
final class ClientContext {
    let logger: Logger
    /// Set for group consumers.
    weak var rebalancing: (any Rebalancing)?

    init(_ logger: Logger) {
        self.logger = logger
    }

    static func of(_ client: OpaquePointer?) -> ClientContext? {
        guard let client, let opaque = rd_kafka_opaque(client) else { return nil }
        return Unmanaged<ClientContext>.fromOpaque(opaque).takeUnretainedValue()
    }
}

/// Reacts to assignments on the polling thread.
protocol Rebalancing: AnyObject {
    func rebalance(
        _ client: OpaquePointer, _ error: rd_kafka_resp_err_t,
        _ partitions: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>)
}

/// librdkafka's log lines.
func clientLogged(
    _ client: OpaquePointer?, _ level: Int32, _ facility: UnsafePointer<CChar>?, _ line: UnsafePointer<CChar>?
) {
    guard let context = ClientContext.of(client), let line else { return }
    let level: Logger.Level =
        switch level {
        case ...3: .warning
        case 4: .notice
        default: .debug
        }
    context.logger.log(level: level, "\(String(cString: line))")
}

/// Errors that concern no single call, such as brokers that come and go.
func clientFailed(
    _ client: OpaquePointer?, _ error: Int32, _ reason: UnsafePointer<CChar>?, _ opaque: UnsafeMutableRawPointer?
) {
    guard let opaque, let reason else { return }
    let context = Unmanaged<ClientContext>.fromOpaque(opaque).takeUnretainedValue()
    context.logger.info("kafka client: \(String(cString: reason))")
}

/// The group gives or takes partitions.
func clientRebalanced(
    _ client: OpaquePointer?, _ error: rd_kafka_resp_err_t,
    _ partitions: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?, _ opaque: UnsafeMutableRawPointer?
) {
    guard let client, let opaque, let partitions else { return }
    let context = Unmanaged<ClientContext>.fromOpaque(opaque).takeUnretainedValue()
    if let rebalancing = context.rebalancing {
        rebalancing.rebalance(client, error, partitions)
    } else {
        rd_kafka_assign(client, nil)
    }
}

/// A record has been acknowledged or given up. Its opaque is the retained target that the producer gave it.
func recordDelivered(
    _ client: OpaquePointer?, _ message: UnsafePointer<rd_kafka_message_t>?, _ opaque: UnsafeMutableRawPointer?
) {
    guard let message = message?.pointee, let target = message._private else { return }
    let delivery = Unmanaged<Delivery>.fromOpaque(target).takeRetainedValue()
    if message.err == RD_KAFKA_RESP_ERR_NO_ERROR {
        delivery.complete(.success(DeliveredOffset(partition: message.partition, offset: message.offset)))
    } else {
        delivery.complete(.failure(KafkaError(message.err, "A record was not written")))
    }
}
