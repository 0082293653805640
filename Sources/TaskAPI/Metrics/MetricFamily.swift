/// What a metric is, as its `TYPE` line says.
enum MetricKind: String, Sendable {
    case counter, gauge, histogram, summary
}

/// All series of one metric name.
struct MetricFamily: Sendable {
    let kind: MetricKind
    var help: String?
    var series: [LabelSet: any MetricSeries] = [:]

    init(kind: MetricKind, help: String?) {
        self.kind = kind
        self.help = help
    }
}

/// One label set of a metric and its value.
protocol MetricSeries: AnyObject, Sendable {
    /// Writes the lines of the series as they stand now.
    func write(name: String, labels: LabelSet, to writer: inout ExpositionWriter)
}
