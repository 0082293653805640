/// Rows in columns, for people.
struct Table {
    struct Cell {
        let text: String
        let colour: Style.Colour?

        init(_ text: String, _ colour: Style.Colour? = nil) {
            self.text = text.printable
            self.colour = colour
        }
    }

    let titles: [String]
    var rows: [[Cell]] = []

    init(_ titles: String...) {
        self.titles = titles
    }

    /// The lines, none wider than `width`: the widest column gives way.
    func lines(width: Int, style: Style) -> [String] {
        var widths = titles.indices.map { column in
            ([titles[column].count] + rows.map { $0[column].text.count }).max() ?? 0
        }
        let gaps = 2 * (widths.count - 1)
        if let widest = widths.indices.max(by: { widths[$0] < widths[$1] }) {
            let excess = widths.reduce(gaps, +) - width
            if excess > 0 { widths[widest] = max(8, widths[widest] - excess) }
        }
        let head = line(titles.map { Cell($0, .bold) }, widths, style)
        return [head] + rows.map { line($0, widths, style) }
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ style: Style) -> String {
        var parts: [String] = []
        for (index, cell) in cells.enumerated() {
            let text = cell.text.count > widths[index] ? cell.text.prefix(widths[index] - 1) + "…" : cell.text
            let isLast = index == cells.count - 1
            let padding = isLast ? "" : String(repeating: " ", count: widths[index] - text.count)
            parts.append(style(text, cell.colour) + padding)
        }
        return parts.joined(separator: "  ")
    }
}
