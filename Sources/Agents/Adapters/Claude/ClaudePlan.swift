internal import TaskModel

/// Claude's plan, which it keeps by tools: `TaskCreate` and `TaskUpdate`, or `TodoWrite`, which sets all at once.
struct ClaudePlan: Sendable {
    private struct Item {
        let id: String
        var step: PlanStep
    }

    /// The subjects of tasks whose number is not known yet, by the id of the tool's call.
    private var created: [String: String] = [:]
    private var items: [Item] = []

    var steps: [PlanStep] { items.map(\.step) }

    /// A tool was called. Gives the whole plan where that sets it.
    mutating func called(_ tool: String, id: String, input: JSONObject) {
        switch tool {
        case "TaskCreate": created[id] = input.text("subject") ?? input.text("description") ?? "a step"
        case "TodoWrite":
            items = input.array("todos").compactMap(\.objectValue).enumerated().map { index, todo in
                Item(
                    id: "todo \(index)",
                    step: PlanStep(step: todo.text("content") ?? "a step", status: Self.status(todo.text("status"))))
            }
        default: break
        }
    }

    /// A tool gave its result.
    mutating func gave(_ result: JSONObject, id: String) {
        if let task = result.object("task"), let number = task.text("id"), let subject = created.removeValue(forKey: id)
        {
            guard !items.contains(where: { $0.id == number }) else { return }
            items.append(Item(id: number, step: PlanStep(step: subject, status: .pending)))
        } else if let number = result.text("taskId"), let status = result.object("statusChange")?.text("to") {
            guard let index = items.firstIndex(where: { $0.id == number }) else { return }
            if status == "deleted" {
                items.remove(at: index)
            } else {
                items[index].step.status = Self.status(status)
            }
        }
    }

    private static func status(_ text: String?) -> PlanStep.Status {
        text.flatMap(PlanStep.Status.init) ?? .pending
    }
}
