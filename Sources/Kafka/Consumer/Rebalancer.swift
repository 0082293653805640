internal import CRdkafka

/// Carries assignments out, on the polling thread: what the group gives is assigned, what it takes is unassigned, with
/// the delegate's word in between.
final class Rebalancer: Rebalancing, @unchecked Sendable {
    // Unchecked: `consumer` is set before polling; all else happens on the polling thread, or where it has ended.
    weak var consumer: GroupConsumer?
    private let delegate: any GroupConsumerDelegate

    init(_ delegate: any GroupConsumerDelegate) {
        self.delegate = delegate
    }

    func rebalance(
        _ client: OpaquePointer, _ error: rd_kafka_resp_err_t,
        _ partitions: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>
    ) {
        // One that is dropped without being closed leaves the group too, and librdkafka waits for the answer.
        guard let consumer else {
            rd_kafka_assign(client, nil)
            return
        }
        let isIncremental = rd_kafka_rebalance_protocol(client).map { String(cString: $0) } == "COOPERATIVE"
        let places = entries(partitions).map(\.place)
        if error == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
            if isIncremental {
                if let error = rd_kafka_incremental_assign(client, partitions) { rd_kafka_error_destroy(error) }
            } else {
                rd_kafka_assign(client, partitions)
            }
            delegate.consumer(consumer, assigned: places)
        } else {
            delegate.consumer(
                consumer, revoked: places, isLost: rd_kafka_assignment_lost(client) != 0)
            if isIncremental {
                if let error = rd_kafka_incremental_unassign(client, partitions) { rd_kafka_error_destroy(error) }
            } else {
                rd_kafka_assign(client, nil)
            }
        }
    }
}
