internal import TaskModel

/// The figures for people: what stands on top level, one a line, then what agents have used.
enum StatsText {
    static func lines(_ stats: JSONObject, width: Int = 120, style: Style) -> [String] {
        figures(stats, style) + usage(stats["usage"]?.objectValue ?? JSONObject(), width, style)
    }

    private static func figures(_ stats: JSONObject, _ style: Style) -> [String] {
        stats.members.compactMap { member in
            guard let text = stats.text(member.name) else { return nil }
            let name = member.name.replacing("_", with: " ")
            let label = style(name + String(repeating: " ", count: max(1, 28 - name.count)), .dim)
            let status = TaskStatus.allCases.first { member.name == $0.rawValue + "_tasks" }
            return label + style(text + unit(member.name), text == "0" ? nil : status?.colour)
        }
    }

    /// A table of sums; nothing where nothing was used.
    private static func usage(_ usage: JSONObject, _ width: Int, _ style: Style) -> [String] {
        guard let total = usage["total"]?.objectValue, (total["attempts"]?.integerValue ?? 0) > 0 else { return [] }
        var table = Table("USAGE", "ATTEMPTS", "INPUT", "CACHED", "OUTPUT", "USD")
        func add(_ name: String, _ sum: JSONObject?) {
            guard let sum else { return }
            let figures = ["attempts", "input_tokens", "cached_tokens", "output_tokens"].map { member in
                Table.Cell(UsageText.grouped(sum[member]?.integerValue ?? 0))
            }
            table.rows.append([Table.Cell(name)] + figures + [Table.Cell(UsageText.cost(sum) ?? "-")])
        }
        add("all", total)
        for (kind, label) in [("by_agent", "agent"), ("by_project", "project")] {
            for group in usage[kind]?.objectValue?.members ?? [] {
                add("\(label) \(group.name)", group.value.objectValue)
            }
        }
        for day in usage["by_day"]?.arrayValue?.compactMap(\.objectValue) ?? [] { add(day.text("day") ?? "", day) }
        return [""] + table.lines(width: width, style: style)
    }

    private static func unit(_ name: String) -> String {
        switch name {
        case "success_rate": " %"
        case "average_duration": " s"
        default: ""
        }
    }
}
