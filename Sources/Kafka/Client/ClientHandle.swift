internal import CRdkafka
internal import Logging

/// Owns one librdkafka client and what its callbacks need. librdkafka's functions may be called from any thread.
final class ClientHandle: @unchecked Sendable {
    // Unchecked: both members are set once; librdkafka does its own locking.
    let pointer: OpaquePointer
    private let context: Unmanaged<ClientContext>

    init(
        _ type: rd_kafka_type_t, _ configuration: ClientConfiguration, logger: Logger,
        rebalancing: (any Rebalancing)? = nil
    ) throws(KafkaError) {
        let retained = Unmanaged.passRetained(ClientContext(logger))
        retained.takeUnretainedValue().rebalancing = rebalancing
        let conf = configuration.pointer
        rd_kafka_conf_set_opaque(conf, retained.toOpaque())
        rd_kafka_conf_set_log_cb(conf, clientLogged)
        rd_kafka_conf_set_error_cb(conf, clientFailed)
        // Without a delivery report callback flushing wakes in steps of 10 ms.
        if type == RD_KAFKA_PRODUCER { rd_kafka_conf_set_dr_msg_cb(conf, recordDelivered) }
        if rebalancing != nil { rd_kafka_conf_set_rebalance_cb(conf, clientRebalanced) }
        do {
            pointer = try configuration.makeClient(type)
        } catch {
            retained.release()
            throw error
        }
        context = retained
    }

    func setRebalancing(_ rebalancing: any Rebalancing) {
        context.takeUnretainedValue().rebalancing = rebalancing
    }

    deinit {
        rd_kafka_destroy(pointer)
        context.release()
    }
}
