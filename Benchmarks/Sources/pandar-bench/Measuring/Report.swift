import TaskModel

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Prints figures as they come and keeps them for the file.
struct Report {
    private var figures: [Figure] = []

    mutating func add(_ figure: Figure) {
        figures.append(figure)
        var line = "  " + Self.padded(figure.name, 34) + Self.padded(Self.text(figure.value), 12) + figure.unit
        if let baseline = figure.baseline, let ratio = figure.ratio {
            line += "  (\(figure.comparison ?? "baseline"): \(Self.text(baseline)), ratio \(Self.text(ratio)))"
        }
        Console.say(line)
    }

    /// Writes `[{name, value, unit, baseline, ratio}, …]`.
    func write(to path: String) throws {
        var writer = JSONWriter()
        writer.array { writer in
            for figure in figures { figure.write(to: &writer) }
        }
        try Data(writer.bytes + [UInt8(ascii: "\n")]).write(to: URL(filePath: path))
    }

    private static func text(_ value: Double) -> String {
        let rounded = Figure.rounded(value)
        return Int64(exactly: rounded).map(String.init) ?? String(rounded)
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.utf8.count))
    }
}
