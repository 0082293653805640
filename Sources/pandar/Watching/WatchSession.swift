internal import Kafka
internal import TaskModel

/// Follows what the service tells of tasks.
struct WatchSession: Sendable {
    private let client: ClientSettings
    private let follower: TopicFollower
    private let tasks: Set<String>?
    private let until: TaskStatus?

    /// Begins to read; what is written from here on is seen.
    ///
    /// - Parameters:
    ///   - tasks: the tasks of interest; `nil` for all.
    ///   - until: the state to wait for; `nil` for the end.
    init(
        _ client: ClientSettings, tasks: Set<String>?, until: TaskStatus? = nil, from start: TopicFollower.Start
    ) throws {
        self.client = client
        self.tasks = tasks
        self.until = until
        let layout = client.layout
        follower = try TopicFollower(
            client, topics: [layout.status, layout.progress, layout.output, layout.notifications], from: start)
    }

    /// Shows events until all tasks of interest have ended, or are where they are waited for; for ever when all are of
    /// interest. Returns where they stand.
    func run(_ printer: WatchPrinter) async throws -> [TaskStatus] {
        var state = WatchState(tasks: tasks, until: until)
        var positions = Positions()
        var rest: [TopicPartition: Int64]?
        var toldUnknown = false
        defer { follower.close() }
        for await event in follower.events {
            positions.note(event)
            if case .records(let records) = event {
                for record in records {
                    guard let event = WatchEvent(record, layout: client.layout), let change = state.take(event) else {
                        continue
                    }
                    printer.show(change)
                }
            }
            guard positions.reached(follower.ends) else { continue }
            if printer.format == .text, !toldUnknown, let tasks, !state.hasSeen(tasks) {
                toldUnknown = true
                let names = tasks.sorted().prefix(3).joined(separator: ", ")
                Terminal.error.writeLine("pandar: waiting for \(names); nothing is known of it yet")
            }
            guard let outcomes = state.outcomes else { continue }
            // What a task printed stands in another topic and may come after the news of its end.
            if rest == nil { rest = try TopicFollower.ends(client, topics: [client.layout.output]) }
            if let rest, positions.reached(rest) { return outcomes }
        }
        return state.outcomes ?? []
    }

    /// As `run`, and ends the command by how the tasks ended.
    ///
    /// - Parameter seconds: how long to wait at most; `nil` for as long as it takes.
    func runToEnd(_ printer: WatchPrinter, within seconds: Double? = nil) async throws {
        let outcomes = try await Self.limited(seconds) { try await run(printer) }
        if until != nil, outcomes.allSatisfy({ $0 == until }) { return }
        if outcomes.contains(.failed) { throw CommandError.ending(.failed) }
        if outcomes.contains(.cancelled) { throw CommandError.ending(.cancelled) }
    }

    private static func limited<Value: Sendable>(
        _ seconds: Double?, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        guard let seconds else { return try await body() }
        return try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                throw CommandError(.timedOut, "Not ended within \(Duration.short(seconds)); the tasks go on.")
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }
}
