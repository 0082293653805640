public import CoreMetrics

/// The backend of swift-metrics. Timers become histograms of seconds; recorders become histograms, or gauges when they
/// do not aggregate; meters become gauges; dimensions become labels.
extension PrometheusRegistry: MetricsFactory {
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, .counter, nil, LabelSet(dimensions), make: CounterSeries())
    }

    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, .counter, nil, LabelSet(dimensions), make: GaugeSeries())
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, .gauge, nil, LabelSet(dimensions), make: GaugeSeries())
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        let labels = LabelSet(dimensions)
        guard aggregate else { return series(label, .gauge, nil, labels, make: GaugeSeries()) }
        let bounds = bounds(of: label, default: .quantities)
        return series(label, .histogram, nil, labels, make: HistogramSeries(bounds))
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let bounds = bounds(of: label, default: .seconds)
        return series(label, .histogram, nil, LabelSet(dimensions), make: HistogramSeries(bounds))
    }

    public func destroyCounter(_ handler: any CounterHandler) { remove(handler) }

    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }

    public func destroyMeter(_ handler: any MeterHandler) { remove(handler) }

    public func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }

    public func destroyTimer(_ handler: any TimerHandler) { remove(handler) }
}
