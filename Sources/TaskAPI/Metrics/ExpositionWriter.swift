/// Writes Prometheus' text exposition format 0.0.4.
struct ExpositionWriter {
    /// The media type of the text.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    /// Starts a metric with its `HELP` (where there is one) and `TYPE`.
    mutating func begin(_ name: String, kind: MetricKind, help: String?) {
        if let help { text += "# HELP \(name) \(Self.escaped(help))\n" }
        text += "# TYPE \(name) \(kind.rawValue)\n"
    }

    /// Writes one sample; `extra` is a label that stands behind the others (a bucket's `le`).
    mutating func sample(_ name: String, _ labels: LabelSet, extra: String? = nil, _ value: Double) {
        text += name
        let all = [labels.text, extra ?? ""].filter { !$0.isEmpty }.joined(separator: ",")
        if !all.isEmpty { text += "{\(all)}" }
        text += " \(Self.number(value))\n"
    }

    /// `7`, `0.25`, `+Inf`, `-Inf`, `NaN`.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return String(whole) }
        return "\(value)"
    }

    private static func escaped(_ help: String) -> String {
        var text = ""
        for scalar in help.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
