public import CoreMetrics
internal import Synchronization

/// The upper bounds of a histogram's buckets, ascending; the last bucket, which takes everything, is not named.
public struct HistogramBounds: Sendable, ExpressibleByArrayLiteral {
    public let values: [Double]

    /// Sorts the bounds and drops what is double or not finite.
    public init(_ values: [Double]) {
        self.values = Set(values.filter(\.isFinite)).sorted()
    }

    public init(arrayLiteral elements: Double...) {
        self.init(elements)
    }

    /// For durations: from a commit to an embedded broker (1 ms) to an attempt (1 h).
    public static let seconds: HistogramBounds = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600,
    ]

    /// For counts and sizes.
    public static let quantities: HistogramBounds = [
        1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 10_000, 100_000, 1_000_000,
    ]
}

/// How often values fell into which bucket, and their sum. As a timer it records seconds.
public final class HistogramSeries: MetricSeries {
    private let bounds: [Double]
    /// One cell a bound and one for all above; each value is counted once, the sums are made when writing.
    private let cells: [CounterCell]
    private let sum = GaugeSeries()

    init(_ bounds: HistogramBounds) {
        self.bounds = bounds.values
        cells = (0...bounds.values.count).map { _ in CounterCell() }
    }

    /// Counts `value`; what is no number is ignored.
    public func observe(_ value: Double) {
        guard !value.isNaN else { return }
        let index = bounds.firstIndex { value <= $0 } ?? bounds.count
        cells[index].count.wrappingAdd(1, ordering: .relaxed)
        sum.add(value)
    }

    func write(name: String, labels: LabelSet, to writer: inout ExpositionWriter) {
        var count: UInt64 = 0
        for (index, cell) in cells.enumerated() {
            count += cell.count.load(ordering: .relaxed)
            let bound = index < bounds.count ? bounds[index] : .infinity
            writer.sample(name + "_bucket", labels, extra: "le=\"\(ExpositionWriter.number(bound))\"", Double(count))
        }
        writer.sample(name + "_sum", labels, sum.value)
        writer.sample(name + "_count", labels, Double(count))
    }
}

extension HistogramSeries: TimerHandler, RecorderHandler {
    public func recordNanoseconds(_ duration: Int64) { observe(Double(duration) / 1e9) }

    public func record(_ value: Int64) { observe(Double(value)) }

    public func record(_ value: Double) { observe(value) }
}

/// A box, as atomics cannot be elements of an array.
private final class CounterCell: Sendable {
    let count = Atomic<UInt64>(0)
}
