public import CoreMetrics
internal import Synchronization

/// A number that only grows.
public final class CounterSeries: MetricSeries, CounterHandler {
    private let total = Atomic<Int64>(0)

    /// Adds `amount`; a negative one is ignored, and at the end of the range the counter starts again from below, which
    /// Prometheus takes for a restart.
    public func add(_ amount: Int64) {
        guard amount > 0 else { return }
        total.wrappingAdd(amount, ordering: .relaxed)
    }

    public func increment(by amount: Int64) { add(amount) }

    public func reset() { total.store(0, ordering: .relaxed) }

    func write(name: String, labels: LabelSet, to writer: inout ExpositionWriter) {
        writer.sample(name, labels, Double(total.load(ordering: .relaxed)))
    }
}
