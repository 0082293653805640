/// Reads the exposition of metrics.
enum Metrics {
    /// The sum over all labels of a metric.
    static func value(_ name: String, in text: String) -> Int {
        text.split(separator: "\n").reduce(0) { sum, line in
            guard line.hasPrefix(name), let end = line.dropFirst(name.count).first, end == " " || end == "{",
                let value = line.split(separator: " ").last.flatMap({ Double($0) })
            else { return sum }
            return sum + Int(value)
        }
    }
}
