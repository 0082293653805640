import TaskModel

/// Requests and snapshots of a size that upstream sends: the contract's reference example, each with a name and command
/// of its own.
enum SampleTasks {
    static let start = Timestamp(milliseconds: 1_795_000_000_000)

    static let words = [
        "audit", "build", "cache", "deploy", "evaluate", "format", "generate", "harden", "index", "lint", "migrate",
        "notify", "optimise", "profile", "query", "refactor", "scan", "test", "upgrade", "verify",
    ]

    static let agents = ["codex", "claude", "gemini"]

    static func id(_ number: Int) -> String { "task-\(number)" }

    /// A request as a producer sends it.
    static func sent(_ number: Int) -> TaskRequestRecord { sent(number, id: id(number)) }

    static func sent(_ number: Int, id: String) -> TaskRequestRecord {
        TaskRequestRecord(id: id, json: requestJSON(abs(number), id: id))
    }

    /// A request for a program that is really run.
    static func plain(_ number: Int, command: String, policy: String = "auto") -> TaskRequestRecord {
        TaskRequestRecord(
            id: id(number),
            json: Array(
                """
                {"task_id":"\(id(number))","name":"Run \(number)","command":"\(command)","project_id":1,\
                "metadata":{"approval_policy":"\(policy)"}}
                """.utf8))
    }

    /// The JSON of a request as a producer writes it.
    static func requestJSON(_ number: Int) -> [UInt8] { requestJSON(number, id: id(number)) }

    private static func requestJSON(_ number: Int, id: String) -> [UInt8] {
        Array(
            """
            {"task_id":"\(id)","name":"Nightly \(word(number)) \(number)",\
            "command":"\(agent(number)) \(word(number)) --\(word(number / 20)) --create-pr","project_id":\(number % 50 + 1),\
            "priority":"\(TaskPriority.allCases[number % 4].rawValue)","created_by":"user-\(number % 200)",\
            "metadata":{"agent":"\(agent(number))","proxy_agent":"claude","approval_policy":"auto_with_gates",\
            "gates":["git_push_protected"],"notify":["webhook:https://hooks.example.com/builds"]}}
            """.utf8)
    }

    static func record(_ number: Int) -> InboundRecord {
        InboundRecord(
            channel: .requests, topic: "pandar.task-requests", partition: 0, offset: Int64(number),
            key: Array(id(number).utf8), value: requestJSON(number), timestamp: start)
    }

    static func request(_ number: Int) throws -> TaskRequest? {
        guard case .request(let request) = try InboundMessage.decode(record(number)) else { return nil }
        return request
    }

    /// A task as it stands after its attempt: 17 of 20 completed, the rest failed or cancelled.
    static func finished(_ number: Int) throws -> TaskSnapshot? {
        guard let request = try request(number), let id = request.taskID else { return nil }
        let created = start.adding(milliseconds: Int64(number) * 40)
        var state = TaskState(createdAt: created, epoch: 1)
        let duration = Int64(1000 + number % 600 * 100)
        state.version = 3
        state.attempt = 1
        state.startedAt = created.adding(milliseconds: 50)
        state.updatedAt = created.adding(milliseconds: 50 + duration)
        state.completedAt = state.updatedAt
        state.status = number % 20 < 17 ? .completed : number % 20 == 17 ? .cancelled : .failed
        state.progress = TaskProgress(percent: 100, phase: "done")
        state.result = AttemptResult(
            output: "\(word(number)) finished\n", outputBytes: 24, exitCode: state.status == .completed ? 0 : 1,
            duration: duration)
        var attempt = AttemptRecord(attempt: 1, runner: "bench", startedAt: created.adding(milliseconds: 50))
        attempt.finishedAt = state.completedAt
        attempt.outcome = state.status == .completed ? .completed : .failed
        state.attempts = [attempt]
        return TaskSnapshot(spec: TaskSpec(request, id: id), state: state)
    }

    /// The three records of a task that succeeds at once: accepted, started, ended.
    static func lifecycle(_ number: Int) throws -> [TaskSnapshot] {
        guard let last = try finished(number) else { return [] }
        var accepted = last
        accepted.state = TaskState(createdAt: last.state.createdAt, epoch: 1)
        var started = accepted
        started.state.version = 2
        started.state.status = .running
        started.state.attempt = 1
        started.state.startedAt = last.state.startedAt
        started.state.updatedAt = last.state.startedAt ?? last.state.createdAt
        started.state.lease = Lease(runner: "bench", incarnation: "1", attempt: 1, seconds: 30)
        return [accepted, started, last]
    }

    static func word(_ number: Int) -> String { words[number % words.count] }

    private static func agent(_ number: Int) -> String { agents[number % agents.count] }
}
