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
        lines += agent(task, style)
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
                attempt.text("started_at"), attempt.text("failure"), attempt.text("error"),
                UsageText.words(attempt["token_usage"]?.objectValue),
                attempt.text("answers").map { "\($0) answered by the proxy agent" },
                attempt.text("recovered_by").map { "recovered by \($0)" },
            ]
            lines.append(label("attempt", style) + parts.compactMap(\.self).joined(separator: "  ").printable)
        }
        if let output = task.text("output"), !output.isEmpty {
            lines.append(label("output", style))
            lines += output.split(whereSeparator: \.isNewline).map { style("  │ ", .dim) + String($0).printable }
        }
        return lines
    }

    /// What its agents told: session, plan, tokens, recovery.
    private static func agent(_ task: JSONObject, _ style: Style) -> [String] {
        var lines: [String] = []
        if let session = task["agent_session"]?.objectValue {
            let text = [session.text("agent"), session.text("id")].compactMap(\.self).joined(separator: " ")
            lines.append(label("agent session", style) + text.printable)
        }
        if let agent = task.text("recovered_by") { lines.append(label("recovered by", style) + agent.printable) }
        if let budget = UsageText.words(budget: task["metadata"]?.objectValue?["budget"]?.objectValue) {
            lines.append(label("budget", style) + budget)
        }
        if let usage = UsageText.words(task["token_usage"]?.objectValue) { lines.append(label("used", style) + usage) }
        for (index, step) in PlanText.lines(task["agent_plan"], style: style).enumerated() {
            lines.append(label(index == 0 ? "plan" : "", style) + step)
        }
        return lines
    }

    private static func label(_ name: String, _ style: Style) -> String {
        style(name + String(repeating: " ", count: max(1, 17 - name.count)), .dim)
    }
}
