internal import CRdkafka
internal import Foundation

/// Who wants to know what became of a commit of offsets. librdkafka holds it until it has told.
final class OffsetAnswer: Sendable {
    let handler: @Sendable (KafkaError?) -> Void

    init(_ handler: @escaping @Sendable (KafkaError?) -> Void) {
        self.handler = handler
    }
}

/// The broker's answer to a commit of offsets, on the thread that polls the consumer.
func offsetsCommitted(
    _ client: OpaquePointer?, _ error: rd_kafka_resp_err_t,
    _ offsets: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?, _ opaque: UnsafeMutableRawPointer?
) {
    guard let opaque else { return }
    let target = Unmanaged<OffsetAnswer>.fromOpaque(opaque).takeRetainedValue()
    var error = error
    if error == RD_KAFKA_RESP_ERR_NO_ERROR, let offsets {
        error = entries(offsets).map(\.error).first { $0 != RD_KAFKA_RESP_ERR_NO_ERROR } ?? error
    }
    target.handler(error == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaError(error, "Offsets were not committed"))
}

/// Lets a thread wait for an answer that comes on another.
final class AnswerWait: @unchecked Sendable {
    // Unchecked: all mutable state is guarded by `condition`.
    private let condition = NSCondition()
    private var outcome: Result<Void, KafkaError>?

    func answer(_ error: KafkaError?) {
        condition.lock()
        outcome = error.map { .failure($0) } ?? .success(())
        condition.signal()
        condition.unlock()
    }

    func wait(seconds: Double) throws(KafkaError) {
        let deadline = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        defer { condition.unlock() }
        while outcome == nil {
            guard condition.wait(until: deadline) else {
                throw KafkaError(.timedOut, "The commit of offsets was not answered within \(seconds) s")
            }
        }
        try outcome?.get()
    }
}
