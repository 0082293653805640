/// A value that is asked for when somebody scrapes.
final class ClosureSeries: MetricSeries {
    private let read: @Sendable () -> Double?

    init(read: @escaping @Sendable () -> Double?) {
        self.read = read
    }

    func write(name: String, labels: LabelSet, to writer: inout ExpositionWriter) {
        guard let value = read() else { return }
        writer.sample(name, labels, value)
    }
}

/// Several values under one label, asked for at once when somebody scrapes.
final class ClosureFamily: MetricSeries {
    private let label: String
    /// Labels that all of them have.
    private let fixed: [(String, String)]
    private let read: @Sendable () -> [String: Double]

    init(label: String, fixed: [(String, String)] = [], read: @escaping @Sendable () -> [String: Double]) {
        self.label = label
        self.fixed = fixed
        self.read = read
    }

    func write(name: String, labels: LabelSet, to writer: inout ExpositionWriter) {
        let samples = read().map { (labels: LabelSet([(label, $0.key)] + fixed), value: $0.value) }
        for sample in samples.sorted(by: { $0.labels < $1.labels }) {
            writer.sample(name, sample.labels, sample.value)
        }
    }
}

/// How many values there were and what they add up to, kept elsewhere and asked for when somebody scrapes.
final class ClosureSummary: MetricSeries {
    private let read: @Sendable () -> (count: Int, sum: Double)?

    init(read: @escaping @Sendable () -> (count: Int, sum: Double)?) {
        self.read = read
    }

    func write(name: String, labels: LabelSet, to writer: inout ExpositionWriter) {
        guard let value = read() else { return }
        writer.sample(name + "_sum", labels, value.sum)
        writer.sample(name + "_count", labels, Double(value.count))
    }
}
