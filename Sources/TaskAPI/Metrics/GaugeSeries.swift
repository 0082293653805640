public import CoreMetrics
internal import Synchronization

/// A number that goes up and down. Serves as meter, as recorder that does not aggregate, and as counter of fractions.
public final class GaugeSeries: MetricSeries {
    private let bits = Atomic<UInt64>(0)

    /// What it stands at.
    public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    public func set(_ value: Double) {
        bits.store(value.bitPattern, ordering: .relaxed)
    }

    public func add(_ amount: Double) {
        var known = bits.load(ordering: .relaxed)
        while true {
            let sum = (Double(bitPattern: known) + amount).bitPattern
            let (exchanged, original) = bits.weakCompareExchange(expected: known, desired: sum, ordering: .relaxed)
            if exchanged { return }
            known = original
        }
    }

    func write(name: String, labels: LabelSet, to writer: inout ExpositionWriter) {
        writer.sample(name, labels, value)
    }
}

extension GaugeSeries: MeterHandler, RecorderHandler, FloatingPointCounterHandler {
    public func set(_ value: Int64) { set(Double(value)) }

    public func increment(by amount: Double) { add(amount) }

    public func decrement(by amount: Double) { add(-amount) }

    public func record(_ value: Int64) { set(Double(value)) }

    public func record(_ value: Double) { set(value) }

    public func reset() { set(0.0) }
}
