import TaskModel

/// One measured number.
struct Figure: Sendable {
    /// `area_what`, such as `cache_fold_rate`.
    let name: String
    let value: Double
    let unit: String
    /// What the machine does with the same work and nothing of Pandar around it, in the same unit and the same run;
    /// `nil` where there is no such thing.
    let baseline: Double?
    /// What the baseline is, for people.
    let comparison: String?

    init(_ name: String, _ value: Double, _ unit: String, baseline: Double? = nil, comparison: String? = nil) {
        self.name = name
        self.value = value
        self.unit = unit
        self.baseline = baseline
        self.comparison = comparison
    }

    /// `value / baseline`.
    var ratio: Double? {
        baseline.flatMap { $0 == 0 ? nil : value / $0 }
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.name("name")
            $0.string(name)
            $0.name("value")
            $0.value(Self.number(value))
            $0.name("unit")
            $0.string(unit)
            $0.name("baseline")
            $0.value(baseline.map(Self.number) ?? .null)
            $0.name("ratio")
            $0.value(ratio.map(Self.number) ?? .null)
        }
    }

    /// With as many digits as a measurement carries.
    static func number(_ value: Double) -> JSONValue {
        guard value.isFinite else { return .null }
        return .decimal(String(rounded(value)))
    }

    static func rounded(_ value: Double) -> Double {
        let scale = value.magnitude >= 100 ? 1.0 : 10_000
        return (value * scale).rounded() / scale
    }
}
