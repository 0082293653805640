/// The labels of one series, sorted by name, so that the order of the caller makes no second series.
struct LabelSet: Hashable, Comparable, Sendable {
    static let none = LabelSet([])

    /// `a="1",b="2"`, escaped, without braces; empty when there are no labels.
    let text: String

    /// Of labels that share a name the first counts.
    init(_ labels: some Sequence<(String, String)>) {
        var known: Set<String> = []
        let pairs = labels.map { (name: MetricName.label($0.0), value: $0.1) }
            .filter { known.insert($0.name).inserted }
            .sorted { $0.name < $1.name }
        text = pairs.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
    }

    init(_ labels: KeyValuePairs<String, String>) {
        self.init(labels.map { ($0.key, $0.value) })
    }

    static func < (left: LabelSet, right: LabelSet) -> Bool { left.text < right.text }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
