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
            let percent = event.value["progress"]?.integerValue ?? 0
            let phase = event.value["phase"]?.stringValue.map { " " + $0.printable } ?? ""
            return ["\(time)  \(style("progress ", .dim))  \(prefix(name))\(percent) %\(phase)"]
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
