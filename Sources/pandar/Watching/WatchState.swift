internal import TaskModel

/// What a watcher knows: the latest of each task, and which events are worth showing.
struct WatchState: Sendable {
    private struct Known: Sendable {
        var order: RecordOrder
        var status: TaskStatus
        var attempt: Int64
    }

    /// The tasks that are watched; `nil` for all.
    let tasks: Set<String>?
    /// The state that is waited for, where it is not the end.
    let until: TaskStatus?
    private var known: [String: Known] = [:]
    private var names: [String: String] = [:]
    /// The latest progress of the tasks of which an attempt runs.
    private var progress: [String: Progress] = [:]

    private struct Progress: Sendable {
        var attempt: Int64
        var percent: Int64?
        var phase: String?
        var step: String?
        var plan: [JSONValue] = []
    }

    init(tasks: Set<String>?, until: TaskStatus? = nil) {
        self.tasks = tasks
        self.until = until
    }

    /// Takes an event in. `nil` when it is about another task, or older than what is known.
    mutating func take(_ event: WatchEvent) -> Change? {
        if let tasks, !tasks.contains(event.taskID) { return nil }
        guard let status = event.status else { return news(event) }
        if let before = known[event.taskID], event.order <= before.order { return nil }
        names[event.taskID] = event.value["name"]?.stringValue
        let before = known.updateValue(
            Known(order: event.order, status: status, attempt: event.attempt), forKey: event.taskID)
        if status.isTerminal { progress[event.taskID] = nil }
        let isNews = before?.status != status || before?.attempt != event.attempt
        return Change(event: event, name: names[event.taskID], isNews: isNews)
    }

    /// What an event other than a state tells beyond those before it.
    private mutating func news(_ event: WatchEvent) -> Change {
        var change = Change(event: event, name: names[event.taskID], isNews: true)
        guard event.kind == .progress else { return change }
        let before = progress[event.taskID].flatMap { $0.attempt == event.attempt ? $0 : nil }
        var now = before ?? Progress(attempt: event.attempt)
        now.percent = event.value["progress"]?.integerValue
        now.phase = event.value["phase"]?.stringValue
        now.step = event.value["step"]?.stringValue
        if let plan = event.value["plan"]?.arrayValue {
            change.steps = plan.filter { !now.plan.contains($0) }
            now.plan = plan
        }
        change.isNews =
            before == nil || before?.percent != now.percent || before?.phase != now.phase || before?.step != now.step
        progress[event.taskID] = now
        return change
    }

    struct Change {
        let event: WatchEvent
        let name: String?
        /// Whether the state or the attempt is another one, not only the progress; of progress, whether it went on.
        var isNews: Bool
        /// Steps of the agent's plan that are new, or of which the status is.
        var steps: [JSONValue] = []
    }

    /// Whether all of `tasks` have told a state.
    func hasSeen(_ tasks: Set<String>) -> Bool {
        tasks.allSatisfy { known[$0] != nil }
    }

    /// The states of the watched tasks once all have ended or are where `until` says, otherwise `nil`.
    var outcomes: [TaskStatus]? {
        guard let tasks, !tasks.isEmpty else { return nil }
        let states = tasks.compactMap { known[$0]?.status }
        return states.count == tasks.count && states.allSatisfy { $0.isTerminal || $0 == until } ? states : nil
    }
}
