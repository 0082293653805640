// There is no Prometheus client among the packages that Pandar may use, so this folder holds a small one: a backend of
// swift-metrics, and text exposition format 0.0.4.

internal import Synchronization

/// All metrics of a process, as Prometheus scrapes them.
///
/// It is the backend of swift-metrics (`MetricsSystem.bootstrap(registry)`) for code that counts, and takes closures for
/// what is known elsewhere and only worth reading when somebody asks. Adding to a series is one atomic operation; the
/// lock is taken when a series is made and when all are listed.
///
/// A metric can only be of one kind, and a family holds at most ``maximumSeries`` label sets. A handler that breaks either
/// rule works but is not shown; `pandar_metrics_refused_total` counts them.
public final class PrometheusRegistry: Sendable {
    /// Most label sets of one metric; more means that an id became a label.
    public static let maximumSeries = 1000

    private let families = Mutex<[String: MetricFamily]>([:])
    private let refused = CounterSeries()
    private let bounds: [String: HistogramBounds]

    /// - Parameter bounds: bucket bounds by metric name, where the default of the kind does not fit.
    public init(bounds: [String: HistogramBounds] = [:]) {
        self.bounds = bounds
        insert(refused, family: "pandar_metrics_refused_total", kind: .counter, help: nil, labels: .none)
    }

    /// A counter that the caller adds to.
    public func counter(_ name: String, help: String? = nil, labels: KeyValuePairs<String, String> = [:])
        -> CounterSeries
    {
        series(name, .counter, help, LabelSet(labels), make: CounterSeries())
    }

    /// A gauge that the caller sets.
    public func gauge(_ name: String, help: String? = nil, labels: KeyValuePairs<String, String> = [:]) -> GaugeSeries {
        series(name, .gauge, help, LabelSet(labels), make: GaugeSeries())
    }

    /// A histogram that the caller records into.
    public func histogram(
        _ name: String, help: String? = nil, labels: KeyValuePairs<String, String> = [:]
    ) -> HistogramSeries {
        series(name, .histogram, help, LabelSet(labels), make: HistogramSeries(bounds(of: name, default: .seconds)))
    }

    /// The metrics in text exposition format 0.0.4, sorted by name and labels.
    public func exposition() -> String {
        // Closures are called outside the lock: they take locks of their own.
        let families = families.withLock { $0 }
        var writer = ExpositionWriter()
        for (name, family) in families.sorted(by: { $0.key < $1.key }) where !family.series.isEmpty {
            writer.begin(name, kind: family.kind, help: family.help)
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.write(name: name, labels: labels, to: &writer)
            }
        }
        return writer.text
    }
}

extension PrometheusRegistry {
    func bounds(of name: String, default fallback: HistogramBounds) -> HistogramBounds {
        bounds[name] ?? fallback
    }

    /// The series of these labels, made when there is none.
    func series<Series: MetricSeries>(
        _ name: String, _ kind: MetricKind, _ help: String?, _ labels: LabelSet, make: @autoclosure () -> Series
    ) -> Series {
        let name = MetricName.metric(name)
        let (series, isShown) = families.withLock { families -> (Series, Bool) in
            if let known = families[name]?.series[labels] as? Series { return (known, true) }
            let series = make()
            let isShown = Self.add(series, to: &families, name, kind, help, labels, replacing: false)
            return (series, isShown)
        }
        if !isShown { refused.add(1) }
        return series
    }

    /// Forgets a series that its owner destroyed.
    func remove(_ series: AnyObject) {
        families.withLock { families in
            for (name, family) in families {
                guard let labels = family.series.first(where: { $0.value === series })?.key else { continue }
                families[name]?.series[labels] = nil
                return
            }
        }
    }

    /// Shows a series, in the place of an earlier one of the same labels.
    func insert(
        _ series: any MetricSeries, family name: String, kind: MetricKind, help: String?, labels: LabelSet
    ) {
        let name = MetricName.metric(name)
        let isShown = families.withLock {
            Self.add(series, to: &$0, name, kind, help, labels, replacing: true)
        }
        if !isShown { refused.add(1) }
    }

    private static func add(
        _ series: any MetricSeries, to families: inout [String: MetricFamily], _ name: String, _ kind: MetricKind,
        _ help: String?, _ labels: LabelSet, replacing: Bool
    ) -> Bool {
        var family = families[name] ?? MetricFamily(kind: kind, help: help ?? ServiceMetrics.help[name])
        guard family.kind == kind, family.series[labels] == nil || replacing,
            family.series[labels] != nil || family.series.count < maximumSeries
        else { return false }
        if family.help == nil { family.help = help }
        family.series[labels] = series
        families[name] = family
        return true
    }
}
