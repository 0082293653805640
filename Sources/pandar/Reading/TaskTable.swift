internal import TaskModel

/// A list of tasks for people.
enum TaskTable {
    static func lines(_ items: [JSONValue], width: Int, style: Style) -> [String] {
        var table = Table("ID", "NAME", "STATUS", "PRIORITY", "PROJECT", "PROGRESS", "CREATED")
        for task in items.compactMap(\.objectValue) {
            let status = task.text("status") ?? ""
            table.rows.append([
                .init(task.text("task_id") ?? ""), .init(task.text("name") ?? ""),
                .init(status, TaskStatus(rawValue: status)?.colour), .init(task.text("priority") ?? ""),
                .init(task.text("project_id") ?? ""), .init((task.text("progress") ?? "0") + " %"),
                .init(String((task.text("created_at") ?? "").prefix(19))),
            ])
        }
        return table.lines(width: width, style: style)
    }
}
