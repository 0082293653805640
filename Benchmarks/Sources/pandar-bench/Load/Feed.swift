import Foundation
import Kafka
import TaskModel

/// Sends requests on a thread of its own.
final class Feed: @unchecked Sendable {
    // Unchecked: `failure` is guarded by `ended`.
    private let producer: Producer
    private let topic: String
    private let request: @Sendable (Int) -> TaskRequestRecord
    private let ended = NSCondition()
    private var hasEnded = false
    private var failure: (any Error)?

    /// - Parameters:
    ///   - topic: `nil` for that of requests.
    ///   - request: the record of a number.
    init(
        _ cluster: BenchCluster, topic: String? = nil, _ request: @escaping @Sendable (Int) -> TaskRequestRecord
    ) throws {
        producer = try Producer(cluster.settings, logger: Console.logger)
        self.topic = topic ?? cluster.layout.requests
        self.request = request
    }

    /// As fast as `progress` lets through, until it is closed or `limit` have been sent.
    func flood(_ progress: Progress, limit: Int = .max) {
        start { [self] in
            var next = 0
            while next < limit {
                let count = progress.take(upTo: min(500, limit - next))
                guard count > 0 else { return }
                for number in next..<next + count { try send(number) }
                next += count
            }
        }
    }

    /// `count` requests, `rate` a second, each at its time whatever became of those before it.
    ///
    /// - Parameters:
    ///   - warmUp: records before those, in which connections are made.
    ///   - sent: called before each of the `count`.
    func pace(_ count: Int, rate: Double, warmUp: Int, _ sent: @escaping @Sendable (Int) -> Void) {
        start { [self] in
            let first = ContinuousClock.now
            for number in 0..<warmUp + count {
                let wait = first + .seconds(Double(number) / rate) - .now
                if wait > .zero { Thread.sleep(forTimeInterval: wait.inSeconds) }
                if number >= warmUp { sent(number) }
                try send(number)
            }
        }
    }

    /// `count` requests, about `rate` a second.
    func trickle(_ count: Int, rate: Double) {
        start { [self] in
            for number in 0..<count {
                if number % 100 == 0 { Thread.sleep(forTimeInterval: 100 / rate) }
                try send(number)
            }
        }
    }

    /// Waits until all is sent.
    func finish() throws {
        ended.lock()
        while !hasEnded { ended.wait() }
        ended.unlock()
        if let failure { throw failure }
        try producer.flush(seconds: 10)
        producer.close()
    }

    private func start(_ body: @escaping @Sendable () throws -> Void) {
        let thread = Thread { [self] in
            var failure: (any Error)?
            do { try body() } catch { failure = error }
            ended.lock()
            self.failure = failure
            hasEnded = true
            ended.broadcast()
            ended.unlock()
        }
        thread.name = "feed"
        thread.start()
    }

    private func send(_ number: Int) throws {
        let request = request(number)
        let record = OutgoingRecord(topic: topic, key: Array(request.id.utf8), value: request.json)
        while true {
            do throws(KafkaError) {
                return try producer.send(record)
            } catch {
                guard error.code == .queueFull else { throw error }
                Thread.sleep(forTimeInterval: 0.005)
            }
        }
    }
}

/// A request as a producer sends it.
struct TaskRequestRecord: Sendable {
    let id: String
    let json: [UInt8]
}
