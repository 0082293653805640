internal import Foundation
internal import Kafka
internal import Logging
internal import Synchronization

/// Asks every few seconds whether a broker answers: an instance without partitions, or with nothing to commit, would
/// not notice otherwise that there is none.
final class BrokerProbe: Sendable {
    private let producer: Producer
    private let status: ServiceStatus
    private let logger: Logger
    private let ended = Latch()
    private let stopping = Latch()

    private static let intervalSeconds = 3.0
    private static let answerSeconds = 4.0

    init(_ producer: Producer, status: ServiceStatus, logger: Logger) {
        self.producer = producer
        self.status = status
        self.logger = logger
    }

    func start() {
        let thread = Thread { [self] in
            while !stopping.wait(seconds: Self.intervalSeconds) { ask() }
            ended.open()
        }
        thread.name = "broker-probe"
        thread.start()
    }

    private func ask() {
        let wasReachable = status.snapshot.unreachable == nil
        do throws(KafkaError) {
            try producer.probe(seconds: Self.answerSeconds)
            if !wasReachable { logger.notice("the broker answers again") }
            status.change { $0.unreachable = nil }
        } catch {
            if wasReachable { logger.warning("the broker does not answer", metadata: ["error": "\(error)"]) }
            status.change { $0.unreachable = error.description }
        }
    }

    func stop() {
        stopping.open()
        ended.wait(seconds: Self.answerSeconds + 1)
    }
}
