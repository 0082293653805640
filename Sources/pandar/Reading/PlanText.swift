internal import TaskModel

/// An agent's plan for people.
enum PlanText {
    /// One step: `✓ step` in colours, `[x] step` where those are not wanted.
    static func line(_ step: JSONObject, style: Style) -> String? {
        guard let text = step.text("step"), let status = step.text("status").flatMap(PlanStep.Status.init) else {
            return nil
        }
        let mark = style.isOn ? style(status.sign, status.colour) : status.plainSign
        return "\(mark) \(style(text.printable, status == .pending ? .dim : nil))"
    }

    static func lines(_ plan: JSONValue?, style: Style) -> [String] {
        (plan?.arrayValue ?? []).compactMap { $0.objectValue.flatMap { line($0, style: style) } }
    }
}

extension PlanStep.Status {
    fileprivate var sign: String {
        switch self {
        case .completed: "✓"
        case .inProgress: "…"
        case .pending: "·"
        }
    }

    fileprivate var plainSign: String {
        switch self {
        case .completed: "[x]"
        case .inProgress: "[>]"
        case .pending: "[ ]"
        }
    }

    fileprivate var colour: Style.Colour {
        switch self {
        case .completed: .green
        case .inProgress: .cyan
        case .pending: .dim
        }
    }
}
