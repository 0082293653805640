internal import TaskModel

extension ACPAdapter {
    mutating func updated(_ update: JSONObject) {
        switch update.text("sessionUpdate") {
        case "agent_message_chunk":
            let text = update.object("content")?.text("text") ?? ""
            message += text
            if message.utf8.count > 64 << 10 { message = String(message.suffix(32 << 10)) }
            partial += text
            let lines = partial.split(omittingEmptySubsequences: false) { $0.isNewline }
            guard lines.count > 1 else { return }
            core.say(lines.dropLast().joined(separator: "\n"))
            partial = String(lines[lines.count - 1])
        case "tool_call": call(update)
        case "tool_call_update": changed(update)
        case "plan": core.note(plan: update.array("entries").compactMap(step))
        default: break  // thoughts, and what later versions add
        }
    }

    /// Says what waits for its line's end: something else follows.
    mutating func flush() {
        if !message.isEmpty { core.lastText = message }
        message = ""
        guard !partial.isEmpty else { return }
        core.say(partial)
        partial = ""
    }

    private mutating func call(_ call: JSONObject) {
        flush()
        guard let id = call.text("toolCallId") else { return }
        calls[id] = call
        let title = ShortText.line(call.text("title") ?? "a tool")
        core.say((call.text("kind") == "execute" ? "$ " : "Uses ") + title)
        changed(call)
    }

    private mutating func changed(_ call: JSONObject) {
        guard let id = call.text("toolCallId"), let status = call.text("status") else { return }
        guard status == "completed" || status == "failed" else { return }
        flush()
        calls[id] = nil
        core.toolEnded(id)
        let parts = call.array("content").compactMap { $0.objectValue?.object("content")?.text("text") }
        core.say(ShortText.result(parts.joined(separator: "\n")))
        if status == "failed" { core.say("  (failed)") }
    }

    private func step(_ value: JSONValue) -> PlanStep? {
        guard let entry = value.objectValue, let text = entry.text("content") else { return nil }
        return PlanStep(step: text, status: entry.text("status").flatMap(PlanStep.Status.init) ?? .pending)
    }
}
