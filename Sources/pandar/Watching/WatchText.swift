internal import TaskModel

/// Words an event for people.
struct WatchText {
    let style: Style
    /// Whether one task alone is watched, so that its name need not stand on every line.
    let isSingle: Bool

    /// The lines of a change; none for what only tells progress that another event tells too.
    func lines(_ change: WatchState.Change) -> [String] {
        let event = change.event
        let time = style(String(event.at.description.dropFirst(11).prefix(8)), .dim)
        let name = (change.name ?? event.taskID).printable
        switch event.kind {
        case .status:
            guard change.isNews, let status = event.status else { return [] }
            return ["\(time)  \(label(status))  \(style(name, .bold))\(detail(event))"]
        case .progress:
            return progress(change).map { "\(time)  \($0.label)  \(prefix(name))\($0.text)" }
        case .output:
            let text = event.value["text"]?.stringValue ?? ""
            let mark = event.value["stream"]?.stringValue == "stderr" ? style("│", .red) : style("│", .dim)
            return text.split(whereSeparator: \.isNewline).map {
                "\(time)  \(style("output   ", .dim))  \(prefix(name))\(mark) \(String($0).printable)"
            }
        case .notification:
            let title = event.value["title"]?.stringValue ?? ""
            return ["\(time)  \(style("notice   ", .blue))  \(title.printable)"]
        }
    }

    /// What happened, the plan's news, and how far the attempt is where that has changed.
    private func progress(_ change: WatchState.Change) -> [(label: String, text: String)] {
        let value = change.event.value
        var lines = agentEvent(value["event"]?.objectValue)
        for step in change.steps {
            guard let text = step.objectValue.flatMap({ PlanText.line($0, style: style) }) else { continue }
            lines.append((style("plan     ", .dim), text))
        }
        if change.isNews {
            let percent = value["progress"]?.integerValue ?? 0
            let phase = value["phase"]?.stringValue.map { " " + $0.printable } ?? ""
            let step = value["step"]?.stringValue.map { ": " + $0.printable } ?? ""
            let usage = UsageText.words(value["token_usage"]?.objectValue).map { style("  " + $0, .dim) } ?? ""
            lines.append((style("progress ", .dim), "\(percent) %\(phase)\(step)\(usage)"))
        }
        return lines
    }

    /// A question, an answer and the like, a line for each of its text's.
    private func agentEvent(_ event: JSONObject?) -> [(label: String, text: String)] {
        guard let event, let kind = event.text("type").flatMap(AgentEvent.Kind.init) else { return [] }
        let by = event.text("by").map { style($0.printable + ": ", .bold) } ?? ""
        let text = (event.text("text") ?? "").split(whereSeparator: \.isNewline).map { String($0).printable }
        let label = kind.rawValue + String(repeating: " ", count: max(0, 9 - kind.rawValue.count))
        return (text.isEmpty ? [""] : text).enumerated().map { index, line in
            (style(index == 0 ? label : "         ", kind.colour), (index == 0 ? by : "") + line)
        }
    }

    private func label(_ status: TaskStatus) -> String {
        let text = status == .waitingConfirmation ? "waiting" : status.rawValue
        return style(text + String(repeating: " ", count: 9 - text.count), status.colour)
    }

    private func prefix(_ name: String) -> String {
        isSingle ? "" : style(name, .dim) + " "
    }

    private func detail(_ event: WatchEvent) -> String {
        var parts: [String] = []
        if event.attempt > 1 { parts.append("attempt \(event.attempt)") }
        switch event.status {
        case .completed, .failed, .cancelled:
            if let error = event.value["error"]?.stringValue { parts.append(error.printable) }
            if let reason = event.value["reason"]?.stringValue { parts.append(reason.printable) }
            if let code = event.value["exit_code"]?.integerValue, code != 0 { parts.append("exit code \(code)") }
            if let seconds = event.value["duration"]?.doubleValue { parts.append(Duration.short(seconds)) }
            if let usage = UsageText.words(event.value["token_usage"]?.objectValue) { parts.append(usage) }
            if let agent = event.value["recovered_by"]?.stringValue { parts.append("recovered by \(agent.printable)") }
        case .pending:
            if let error = event.value["error"]?.stringValue { parts.append("after: \(error.printable)") }
            if let next = event.value["next_attempt_at"]?.stringValue { parts.append("next at \(next.printable)") }
            if let at = event.value["scheduled_at"]?.stringValue, event.attempt == 0 {
                parts.append("scheduled for \(at.printable)")
            }
        case .waitingConfirmation:
            if let gate = event.value["confirmation"]?.objectValue?["gate"]?.stringValue {
                parts.append("asks: \(gate.printable)")
            }
            parts.append("answer with: pandar confirm \(event.taskID.printable) --actor NAME")
        case .running, nil: break
        }
        return parts.isEmpty ? "" : style("  " + parts.joined(separator: ", "), .dim)
    }
}

extension AgentEvent.Kind {
    fileprivate var colour: Style.Colour {
        switch self {
        case .question: .yellow
        case .answer: .green
        case .retrying: .magenta
        case .recovery: .blue
        }
    }
}
