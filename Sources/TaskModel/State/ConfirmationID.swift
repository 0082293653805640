/// The name of a task's question: `TASK/N`, where N counts the questions of the task from 1. Who replays the log gives the
/// same question the same name; who knows the task knows the name of its next question.
public enum ConfirmationID {
    /// The id of the question that would be asked next.
    public static func next(_ state: TaskState, of task: TaskID) -> String {
        "\(task)/\(asked(state, of: task) + 1)"
    }

    /// How far ahead of the latest question the named one is: 1 for the next. `nil` for what is none of the task's
    /// questions that can still come.
    public static func distance(_ id: String, _ state: TaskState, of task: TaskID) -> Int? {
        guard let number = number(id, of: task) else { return nil }
        let distance = number - asked(state, of: task)
        return distance > 0 ? distance : nil
    }

    private static func asked(_ state: TaskState, of task: TaskID) -> Int {
        let latest = state.confirmation ?? state.confirmations.last
        // The id counts as well as the history, should that ever be shortened.
        return max(
            state.confirmations.count + (state.confirmation == nil ? 0 : 1),
            latest.flatMap { number($0.id, of: task) } ?? 0)
    }

    private static func number(_ id: String, of task: TaskID) -> Int? {
        let prefix = task.text + "/"
        guard id.hasPrefix(prefix), let number = Int(id.dropFirst(prefix.count)), number > 0, id == "\(prefix)\(number)"
        else { return nil }
        return number
    }
}
