/// Metrics that are known elsewhere and read at each scrape. The closures run on the thread of the scrape and must not
/// block; one for the same name and labels replaces an earlier one; `nil` leaves the series out.
extension PrometheusRegistry {
    public func gauge(
        _ name: String, help: String? = nil, labels: KeyValuePairs<String, String> = [:],
        read: @escaping @Sendable () -> Double?
    ) {
        insert(ClosureSeries(read: read), family: name, kind: .gauge, help: help, labels: LabelSet(labels))
    }

    public func counter(
        _ name: String, help: String? = nil, labels: KeyValuePairs<String, String> = [:],
        read: @escaping @Sendable () -> Double?
    ) {
        insert(ClosureSeries(read: read), family: name, kind: .counter, help: help, labels: LabelSet(labels))
    }

    /// How many values there were and their sum, without buckets (`_count` and `_sum` of a Prometheus summary).
    public func summary(
        _ name: String, help: String? = nil, labels: KeyValuePairs<String, String> = [:],
        read: @escaping @Sendable () -> (count: Int, sum: Double)?
    ) {
        insert(ClosureSummary(read: read), family: name, kind: .summary, help: help, labels: LabelSet(labels))
    }

    /// Gauges whose set changes (one a partition, say): the values of `label` and their numbers.
    public func gauges(
        _ name: String, help: String? = nil, by label: String, read: @escaping @Sendable () -> [String: Double]
    ) {
        insert(
            ClosureFamily(label: label, read: read), family: name, kind: .gauge, help: help,
            labels: LabelSet([label: ""]))
    }

    /// Counters whose set grows (one a reason, say): the values of `label` and their numbers.
    ///
    /// - Parameter labels: others, the same for all of them.
    public func counters(
        _ name: String, help: String? = nil, labels: KeyValuePairs<String, String> = [:], by label: String,
        read: @escaping @Sendable () -> [String: Double]
    ) {
        let fixed = labels.map { ($0.key, $0.value) }
        insert(
            ClosureFamily(label: label, fixed: fixed, read: read), family: name, kind: .counter, help: help,
            labels: LabelSet([(label, "")] + fixed))
    }
}
