internal import TaskModel

/// One task for people.
enum TaskText {
    private static let fields = [
        "task_id", "name", "description", "command", "project_id", "priority", "created_by", "status", "phase",
        "progress", "attempt", "exit_code", "signal", "error", "reason", "created_at", "scheduled_at", "started_at",
        "next_attempt_at", "completed_at", "duration", "output_bytes",
    ]

    static func lines(_ task: JSONObject, style: Style) -> [String] {
        var lines: [String] = []
        for field in fields {
            guard let text = task.text(field) else { continue }
            let colour = field == "status" ? TaskStatus(rawValue: text)?.colour : nil
            lines.append(label(field, style) + style(text.printable, colour))
        }
        if let confirmation = task["confirmation"]?.objectValue {
            let id = confirmation.text("confirmation_id") ?? ""
            lines.append(label("waits for", style) + "\(confirmation.text("gate") ?? "") \(id)".printable)
        }
        for confirmation in task["confirmations"]?.arrayValue?.compactMap(\.objectValue) ?? [] {
            let deciders = confirmation["decisions"]?.arrayValue?.compactMap { $0.objectValue?.text("actor") } ?? []
            let text =
                "\(confirmation.text("gate") ?? "") \(confirmation.text("status") ?? "") "
                + deciders.joined(separator: ", ")
            lines.append(label("confirmation", style) + text.printable)
        }
        for attempt in task["attempts"]?.arrayValue?.compactMap(\.objectValue) ?? [] {
            let parts = [
                attempt.text("attempt"), attempt.text("outcome") ?? "running", attempt.text("runner"),
                attempt.text("started_at"), attempt.text("error"),
            ]
            lines.append(label("attempt", style) + parts.compactMap(\.self).joined(separator: "  ").printable)
        }
        if let output = task.text("output"), !output.isEmpty {
            lines.append(label("output", style))
            lines += output.split(whereSeparator: \.isNewline).map { style("  │ ", .dim) + String($0).printable }
        }
        return lines
    }

    private static func label(_ name: String, _ style: Style) -> String {
        style(name + String(repeating: " ", count: max(1, 17 - name.count)), .dim)
    }
}
