internal import Foundation

/// Learns what became of a record.
class Delivery: @unchecked Sendable {
    // Unchecked: subclasses guard what they hold.
    func complete(_ result: Result<DeliveredOffset, KafkaError>) {}
}

/// One record, one closure.
final class SingleDelivery: Delivery, @unchecked Sendable {
    // Unchecked: the closure is set once and is Sendable.
    private let handler: @Sendable (Result<DeliveredOffset, KafkaError>) -> Void

    init(_ handler: @escaping @Sendable (Result<DeliveredOffset, KafkaError>) -> Void) {
        self.handler = handler
    }

    override func complete(_ result: Result<DeliveredOffset, KafkaError>) {
        handler(result)
    }
}

/// Many records, one answer for all.
final class BatchDelivery: Delivery, @unchecked Sendable {
    // Unchecked: the counters are guarded by `condition`.
    private let condition = NSCondition()
    private var open: Int
    private var failure: KafkaError?
    private var ends: [Int32: Int64] = [:]

    init(count: Int) {
        open = count
    }

    override func complete(_ result: Result<DeliveredOffset, KafkaError>) {
        condition.lock()
        open -= 1
        switch result {
        case .success(let place): ends[place.partition] = max(ends[place.partition] ?? 0, place.offset + 1)
        case .failure(let error): failure = failure ?? error
        }
        if open == 0 { condition.broadcast() }
        condition.unlock()
    }

    /// Waits until every record is acknowledged or given up.
    ///
    /// - Returns: the offset after the last record, by partition.
    func wait(seconds: Double) throws(KafkaError) -> [Int32: Int64] {
        let deadline = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        defer { condition.unlock() }
        while open > 0 {
            guard condition.wait(until: deadline) else {
                throw KafkaError(.timedOut, "\(open) records were not acknowledged within \(seconds) s")
            }
        }
        if let failure { throw failure }
        return ends
    }
}
