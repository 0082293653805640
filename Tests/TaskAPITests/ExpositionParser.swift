/// Reads text exposition format 0.0.4 as strictly as its grammar is written, to hold what the registry writes against.
struct ExpositionParser {
    struct Malformed: Error, CustomStringConvertible {
        let line: String
        let reason: String
        var description: String { "\(reason): \(line)" }
    }

    struct Sample: Equatable {
        let name: String
        let labels: [String: String]
        let value: String
    }

    private(set) var types: [String: String] = [:]
    private(set) var help: [String: String] = [:]
    private(set) var samples: [Sample] = []

    init(_ text: String) throws {
        guard text.isEmpty || text.hasSuffix("\n") else { throw Malformed(line: "", reason: "no newline at the end") }
        var current = ""
        for line in text.split(separator: "\n").map(String.init) {
            if line.hasPrefix("# HELP ") {
                let parts = line.dropFirst(7).split(separator: " ", maxSplits: 1)
                guard parts.count == 2, help.updateValue(String(parts[1]), forKey: String(parts[0])) == nil else {
                    throw Malformed(line: line, reason: "bad or second HELP")
                }
            } else if line.hasPrefix("# TYPE ") {
                let parts = line.dropFirst(7).split(separator: " ").map(String.init)
                guard parts.count == 2, ["counter", "gauge", "histogram", "summary"].contains(parts[1]),
                    types.updateValue(parts[1], forKey: parts[0]) == nil
                else { throw Malformed(line: line, reason: "bad or second TYPE") }
                current = parts[0]
            } else {
                let sample = try Self.sample(line)
                let suffixes =
                    switch types[current] {
                    case "histogram": ["_bucket", "_sum", "_count"]
                    case "summary": ["_sum", "_count"]
                    default: [""]
                    }
                guard suffixes.contains(where: { sample.name == current + $0 }) else {
                    throw Malformed(line: line, reason: "a sample outside its metric")
                }
                guard !samples.contains(where: { $0.name == sample.name && $0.labels == sample.labels }) else {
                    throw Malformed(line: line, reason: "a series stands twice")
                }
                samples.append(sample)
            }
        }
    }

    func value(_ name: String, _ labels: [String: String] = [:]) -> String? {
        samples.first { $0.name == name && $0.labels == labels }?.value
    }

    private static func sample(_ line: String) throws -> Sample {
        var rest = Substring(line)
        let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") }
        guard let first = name.first, !first.isNumber else { throw Malformed(line: line, reason: "bad name") }
        rest = rest.dropFirst(name.count)
        var labels: [String: String] = [:]
        if rest.first == "{" {
            rest = rest.dropFirst()
            while rest.first != "}" {
                let (name, value) = try label(&rest, line)
                guard labels.updateValue(value, forKey: name) == nil else {
                    throw Malformed(line: line, reason: "a label stands twice")
                }
                if rest.first == "," { rest = rest.dropFirst() }
            }
            rest = rest.dropFirst()
        }
        guard rest.first == " " else { throw Malformed(line: line, reason: "no space before the value") }
        let value = String(rest.dropFirst())
        guard Double(value) != nil || ["+Inf", "-Inf", "NaN"].contains(value) else {
            throw Malformed(line: line, reason: "bad value")
        }
        return Sample(name: String(name), labels: labels, value: value)
    }

    private static func label(_ rest: inout Substring, _ line: String) throws -> (String, String) {
        let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        rest = rest.dropFirst(name.count)
        guard let first = name.first, !first.isNumber, rest.hasPrefix("=\"") else {
            throw Malformed(line: line, reason: "bad label")
        }
        rest = rest.dropFirst(2)
        var value = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return (String(name), value)
            case "\\":
                switch rest.popFirst() {
                case "\\": value += "\\"
                case "\"": value += "\""
                case "n": value += "\n"
                default: throw Malformed(line: line, reason: "bad escape")
                }
            default: value.append(character)
            }
        }
        throw Malformed(line: line, reason: "a label value does not end")
    }
}
