internal import TaskModel

/// The figures for people: what stands on top level, one a line.
enum StatsText {
    static func lines(_ stats: JSONObject, style: Style) -> [String] {
        stats.members.compactMap { member in
            guard let text = stats.text(member.name) else { return nil }
            let name = member.name.replacing("_", with: " ")
            let label = style(name + String(repeating: " ", count: max(1, 28 - name.count)), .dim)
            let status = TaskStatus.allCases.first { member.name == $0.rawValue + "_tasks" }
            return label + style(text + unit(member.name), text == "0" ? nil : status?.colour)
        }
    }

    private static func unit(_ name: String) -> String {
        switch name {
        case "success_rate": " %"
        case "average_duration": " s"
        default: ""
        }
    }
}
