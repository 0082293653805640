import Foundation
import Kafka

extension GroupConsumer {
    /// Commits and waits for the answer. Not on the polling thread.
    func commit(_ offsets: [TopicPartition: Int64], as membership: GroupMembership, seconds: Double) throws {
        let wait = AnswerWait()
        try commit(offsets, as: membership) { wait.answer($0) }
        try wait.wait(seconds: seconds)
    }
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
